// libpq, loaded when it is first called. It brings twenty-five libraries along (TLS, Kerberos, LDAP, …), which would
// cost every start several milliseconds and megabytes, also where the database is a SQLite file. Inside this namespace
// its functions are called by their own names; the types and constants are those of <libpq-fe.h>.
#pragma once

#include <libpq-fe.h>

#include "base/shared_library.h"

namespace martlet::postgres {

/// The address of a function of libpq. Throws Error{connection} naming the package where the library is missing.
void* libpq_function(const char* name);

#define MARTLET_LIBPQ(function) \
  inline constinit LibraryFunction<decltype(::function), libpq_function> function(#function)

MARTLET_LIBPQ(PQbackendPID);
MARTLET_LIBPQ(PQcancel);
MARTLET_LIBPQ(PQclear);
MARTLET_LIBPQ(PQcmdStatus);
MARTLET_LIBPQ(PQcmdTuples);
MARTLET_LIBPQ(PQconndefaults);
MARTLET_LIBPQ(PQconnectPoll);
MARTLET_LIBPQ(PQconnectStartParams);
MARTLET_LIBPQ(PQconninfoFree);
MARTLET_LIBPQ(PQconninfoParse);
MARTLET_LIBPQ(PQconsumeInput);
MARTLET_LIBPQ(PQdb);
MARTLET_LIBPQ(PQenterPipelineMode);
MARTLET_LIBPQ(PQerrorMessage);
MARTLET_LIBPQ(PQexitPipelineMode);
MARTLET_LIBPQ(PQfinish);
MARTLET_LIBPQ(PQflush);
MARTLET_LIBPQ(PQfname);
MARTLET_LIBPQ(PQfreeCancel);
MARTLET_LIBPQ(PQfreemem);
MARTLET_LIBPQ(PQgetCancel);
MARTLET_LIBPQ(PQgetCopyData);
MARTLET_LIBPQ(PQgetResult);
MARTLET_LIBPQ(PQgetisnull);
MARTLET_LIBPQ(PQgetlength);
MARTLET_LIBPQ(PQgetvalue);
MARTLET_LIBPQ(PQhost);
MARTLET_LIBPQ(PQisBusy);
MARTLET_LIBPQ(PQnfields);
MARTLET_LIBPQ(PQntuples);
MARTLET_LIBPQ(PQpipelineStatus);
MARTLET_LIBPQ(PQpipelineSync);
MARTLET_LIBPQ(PQport);
MARTLET_LIBPQ(PQputCopyData);
MARTLET_LIBPQ(PQputCopyEnd);
MARTLET_LIBPQ(PQresultErrorField);
MARTLET_LIBPQ(PQresultErrorMessage);
MARTLET_LIBPQ(PQresultStatus);
MARTLET_LIBPQ(PQsendFlushRequest);
MARTLET_LIBPQ(PQsendQuery);
MARTLET_LIBPQ(PQsendQueryParams);
MARTLET_LIBPQ(PQserverVersion);
MARTLET_LIBPQ(PQsetNoticeReceiver);
MARTLET_LIBPQ(PQsetnonblocking);
MARTLET_LIBPQ(PQsocket);
MARTLET_LIBPQ(PQstatus);
MARTLET_LIBPQ(PQtransactionStatus);
MARTLET_LIBPQ(PQuser);

#undef MARTLET_LIBPQ

}  // namespace martlet::postgres
