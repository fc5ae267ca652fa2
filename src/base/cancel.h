// Ctrl-C and SIGTERM: a request to stop that every wait in the program looks at.
#pragma once

namespace martlet::cancel {

/// SIGINT and SIGTERM request a cancel; the second one ends the process at once (the next run resumes).
void install_signal_handlers();
/// Asks everything that waits to stop. Callable from any thread and from a signal handler.
void request();
/// True from the first request on, until `reset`.
bool requested();
/// Forgets the request, so that clean-up (ROLLBACK, releasing the lease) can run to its end.
void reset();
/// A descriptor that is readable while a cancel is requested: poll it beside a socket.
int descriptor();
/// Throws Error{cancelled} if a cancel was requested.
void check();
/// Sleeps, or throws Error{cancelled} as soon as a cancel is requested.
void sleep_ms(long milliseconds);

}  // namespace martlet::cancel
