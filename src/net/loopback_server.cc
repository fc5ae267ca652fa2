#include "net/loopback_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <charconv>
#include <cstring>

#include "base/cancel.h"
#include "base/error.h"

namespace martlet {
namespace {

constexpr std::size_t kLongestRequest = 16 * 1024;
constexpr timeval kPatience{.tv_sec = 5, .tv_usec = 0};

struct Endpoint {
  bool six = false;
  int port = 0;
};

Endpoint parse(std::string_view address) {
  const std::size_t colon = address.rfind(':');
  const std::string_view host = address.substr(0, colon);
  Endpoint found{.six = host == "[::1]"};
  const bool loopback = found.six || host == "127.0.0.1" || host == "localhost";
  const char* end = address.data() + address.size();
  const char* digits = colon == std::string_view::npos ? end : address.data() + colon + 1;
  const auto [read_to, problem] = std::from_chars(digits, end, found.port);
  if (problem != std::errc() || read_to != end || found.port < 0 || found.port > 65535) {
    throw Error(ErrorKind::usage, fmt::format("\"{}\" is no address to listen on", address))
        .next("write it as 127.0.0.1:9187");
  }
  if (loopback) return found;
  throw Error(ErrorKind::usage, fmt::format("will not listen on {}: only this machine may ask", address))
      .next("listen on 127.0.0.1, and put a proxy before it that asks who others are");
}

int listen_on(const Endpoint& at) {
  const int number = ::socket(at.six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  sockaddr_in four{.sin_family = AF_INET, .sin_port = htons(static_cast<std::uint16_t>(at.port))};
  four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr_in6 six{.sin6_family = AF_INET6, .sin6_port = four.sin_port, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
  const int bound = at.six ? ::bind(number, reinterpret_cast<sockaddr*>(&six), sizeof(six))
                           : ::bind(number, reinterpret_cast<sockaddr*>(&four), sizeof(four));
  if (bound == 0 && ::listen(number, 16) == 0) return number;
  const int reason = errno;
  ::close(number);
  throw Error(ErrorKind::usage, fmt::format("cannot listen on port {}: {}", at.port, std::strerror(reason)))
      .next("choose another port, or end who has it");
}

int port_of(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);  // at the same place for both families
}

// The first line of a request, "" where there is none.
std::string request_line(int client) {
  std::string request;
  char piece[1024];
  while (request.find("\r\n\r\n") == std::string::npos && request.size() < kLongestRequest) {
    const ssize_t got = ::recv(client, piece, sizeof(piece), 0);
    if (got <= 0) return {};
    request.append(piece, static_cast<std::size_t>(got));
  }
  return request.substr(0, request.find("\r\n"));
}

std::string answer(std::string_view status, std::string_view content_type, const std::string& body) {
  return fmt::format("HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}", status,
                     content_type, body.size(), body);
}

}  // namespace

LoopbackServer::LoopbackServer(std::string_view address) : socket_(listen_on(parse(address))) {
  const bool six = address.starts_with('[');
  url_ = fmt::format("http://{}:{}", six ? "[::1]" : "127.0.0.1", port_of(socket_.number()));
}

void LoopbackServer::serve(std::string_view path, std::string_view content_type,
                           const std::function<std::string()>& text) {
  for (;;) {
    pollfd waits[]{{socket_.number(), POLLIN, 0}, {cancel::descriptor(), POLLIN, 0}};
    if (poll(waits, 2, -1) < 0) continue;
    cancel::check();
    const Descriptor client(::accept4(socket_.number(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!client.is_open()) continue;
    setsockopt(client.number(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof(kPatience));
    setsockopt(client.number(), SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof(kPatience));
    const std::string line = request_line(client.number());
    if (line.empty()) continue;
    const bool asked = line.starts_with(fmt::format("GET {} ", path)) || line.starts_with(fmt::format("GET {}?", path));
    const std::string reply = asked ? answer("200 OK", content_type, text())
                                    : answer("404 Not Found", "text/plain", fmt::format("there is only {}\n", path));
    static_cast<void>(client.write(reply));  // who does not read what was asked for asks again
  }
}

}  // namespace martlet
