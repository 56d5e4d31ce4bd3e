#include "core/net/Tls.h"

#include <cassert>
#include <cerrno>
#include <cstdlib>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>

namespace tallylock::net {

namespace {

/// What must not fail but where there is no memory.
void must(bool done) {
    if (!done) std::abort();
}

struct KeyFree {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct CertificateFree {
    void operator()(X509* certificate) const { X509_free(certificate); }
};

/// Self-signed: it is there because TLS wants one.
void giveCertificate(SSL_CTX* context) {
    const std::unique_ptr<EVP_PKEY, KeyFree> key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    const std::unique_ptr<X509, CertificateFree> certificate(X509_new());
    must(key && certificate);
    constexpr long kVersion3 = 2;
    constexpr long kTenYears = 10L * 365 * 24 * 3600;
    X509_NAME* name = X509_get_subject_name(certificate.get());
    const unsigned char common[] = "tallylock";
    must(X509_set_version(certificate.get(), kVersion3) == 1 &&
         ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1) == 1 &&
         X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kTenYears) &&
         X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kTenYears) &&
         X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common, -1, -1, 0) == 1 &&
         X509_set_issuer_name(certificate.get(), name) == 1 && X509_set_pubkey(certificate.get(), key.get()) == 1 &&
         X509_sign(certificate.get(), key.get(), nullptr) != 0);
    must(SSL_CTX_use_certificate(context, certificate.get()) == 1 && SSL_CTX_use_PrivateKey(context, key.get()) == 1);
}

TlsContext make(const SSL_METHOD* method) {
    TlsContext context(SSL_CTX_new(method));
    must(context && SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION) == 1);
    SSL_CTX_set_mode(context.get(),
                     SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context.get(), 0); // every connection proves both sides anew
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
    return context;
}

// --- which version is spoken ---------------------------------------------------------------------------------------

constexpr unsigned char kSecondTalk[] = {11, 't', 'a', 'l', 'l', 'y', 'l', 'o', 'c', 'k', '/', '2'};
static_assert(wire::kTalkVersion == 2, "a new version is offered besides, and the one before it stays");

/// Who offers nothing that we know is spoken to in the first version.
int chooseTalk(SSL*, const unsigned char** out, unsigned char* size, const unsigned char* offered,
               unsigned int offeredSize, void*) {
    unsigned char* chosen = nullptr;
    const int found = SSL_select_next_proto(&chosen, size, kSecondTalk, sizeof kSecondTalk, offered, offeredSize);
    if (found != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_NOACK;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

// --- a BIO over a socket that never raises SIGPIPE ---------------------------------------------------------------

int socketOf(BIO* bio) { return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio))); }

bool isForLater(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

int sendTo(BIO* bio, const char* bytes, int size) {
    BIO_clear_retry_flags(bio);
    const ssize_t sent = ::send(socketOf(bio), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    if (sent < 0 && isForLater(errno)) BIO_set_retry_write(bio);
    return static_cast<int>(sent);
}

int receiveFrom(BIO* bio, char* bytes, int size) {
    BIO_clear_retry_flags(bio);
    const ssize_t got = ::recv(socketOf(bio), bytes, static_cast<std::size_t>(size), 0);
    if (got < 0 && isForLater(errno)) BIO_set_retry_read(bio);
    return static_cast<int>(got);
}

long control(BIO*, int what, long, void*) { return what == BIO_CTRL_FLUSH ? 1 : 0; }

BIO_METHOD* socketMethod() {
    static BIO_METHOD* const method = [] {
        BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "quiet socket");
        must(made && BIO_meth_set_write(made, sendTo) == 1 && BIO_meth_set_read(made, receiveFrom) == 1 &&
             BIO_meth_set_ctrl(made, control) == 1);
        return made;
    }();
    return method;
}

} // namespace

void TlsContextFree::operator()(ssl_ctx_st* context) const { SSL_CTX_free(context); }
void TlsFree::operator()(ssl_st* tls) const { SSL_free(tls); }

TlsContext serverTls(std::uint64_t newest) {
    TlsContext context = make(TLS_server_method());
    giveCertificate(context.get());
    if (newest >= 2) SSL_CTX_set_alpn_select_cb(context.get(), chooseTalk, nullptr);
    return context;
}

TlsContext clientTls(std::uint64_t newest) {
    TlsContext context = make(TLS_client_method());
    if (newest >= 2) must(SSL_CTX_set_alpn_protos(context.get(), kSecondTalk, sizeof kSecondTalk) == 0);
    return context;
}

Tls tlsOver(ssl_ctx_st& context, int socket, bool isServer) {
    Tls tls(SSL_new(&context));
    BIO* bio = BIO_new(socketMethod());
    must(tls && bio);
    BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(socket)));
    BIO_set_init(bio, 1);
    SSL_set_bio(tls.get(), bio, bio);
    if (isServer) {
        SSL_set_accept_state(tls.get());
    } else {
        SSL_set_connect_state(tls.get());
    }
    return tls;
}

Hash bindingOf(ssl_st& tls) {
    static constexpr char kLabel[] = "EXPORTER-Channel-Binding";
    Hash binding;
    must(SSL_export_keying_material(&tls, binding.bytes.data(), binding.bytes.size(), kLabel, sizeof kLabel - 1,
                                    nullptr, 0, 1) == 1);
    return binding;
}

std::uint64_t talkVersionOf(const ssl_st& tls) {
    const unsigned char* agreed = nullptr;
    unsigned int size = 0;
    SSL_get0_alpn_selected(&tls, &agreed, &size);
    return size == 0 ? 1 : 2; // we have offered, or taken, no other
}

} // namespace tallylock::net
