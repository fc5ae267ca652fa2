-- Tables may have grown or been rebuilt: what the query planner believes about them is measured again where it is stale.
PRAGMA optimize;
