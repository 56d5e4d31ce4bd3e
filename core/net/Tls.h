// TLS 1.3 (RFC 8446) as Tallylock uses it: it hides and protects the connection; who is at its ends is proven above it,
// by signatures of the identity keys over this connection's binding. So a certificate says nothing and is made anew at
// each start, and no authority is asked.
#pragma once

#include "core/base/Fixed.h"

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

/// With a fresh key and certificate. Any number of connections and threads share one.
TlsContext serverTls();
TlsContext clientTls();

/// One connection over this socket, which it does not own. Nothing but the socket's own errors is ever signalled: no
/// SIGPIPE.
Tls tlsOver(ssl_ctx_st& context, int socket, bool isServer);

/// tls-exporter of RFC 9266: the same 32 bytes at both ends of this connection, and of no other. After the handshake.
Hash bindingOf(ssl_st& tls);

} // namespace tallylock::net
