// TLS 1.3 (RFC 8446) as Tallylock uses it: it hides and protects the connection; who is at its ends is proven above it,
// by signatures of the identity keys over this connection's binding. So a certificate says nothing and is made anew at
// each start, and no authority is asked.
#pragma once

#include "core/base/Fixed.h"
#include "core/wire/Connection.h"

#include <memory>

struct ssl_ctx_st;
struct ssl_st;

namespace tallylock::net {

struct TlsContextFree {
    void operator()(ssl_ctx_st* context) const;
};
struct TlsFree {
    void operator()(ssl_st* tls) const;
};
using TlsContext = std::unique_ptr<ssl_ctx_st, TlsContextFree>;
using Tls = std::unique_ptr<ssl_st, TlsFree>;

/// With a fresh key and certificate. Any number of connections and threads share one. `newest`: which version of the
/// talk (core/wire/Connection.h) this end understands besides the first.
TlsContext serverTls(std::uint64_t newest = wire::kTalkVersion);
TlsContext clientTls(std::uint64_t newest = wire::kTalkVersion);

/// One connection over this socket, which it does not own. Nothing but the socket's own errors is ever signalled: no
/// SIGPIPE.
Tls tlsOver(ssl_ctx_st& context, int socket, bool isServer);

/// tls-exporter of RFC 9266: the same 32 bytes at both ends of this connection, and of no other. After the handshake.
Hash bindingOf(ssl_st& tls);

/// The version of the talk that both ends understand, by ALPN (RFC 7301): the first, if one of them says nothing of it.
/// The binding covers it, so nobody in between makes it older. After the handshake.
std::uint64_t talkVersionOf(const ssl_st& tls);

} // namespace tallylock::net
