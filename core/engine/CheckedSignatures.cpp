#include "core/engine/CheckedSignatures.h"

#include <cstdlib>
#include <cstring>
#include <new>

namespace tallylock::engine {

namespace {

Hash questionOf(const IdentityKey& by, ByteView framed, const Signature& signature) {
    return crypto::blake2b256({by.view(), signature.view(), framed}); // two of fixed length come first
}

/// Who is to have signed is mostly whoever sent the command; from anybody else the engine takes none of these.
class Ahead {
public:
    Ahead(CheckedSignatures& checked, const Config& config, const IdentityKey& signer)
        : m_checked(checked),
          m_config(config),
          m_signer(signer) {}

    void operator()(const AcceptOffer& c) {
        by(m_signer, "accept-terms", TermsAcceptance{crypto::labelledHash("terms", c.terms)}, c.signature);
    }
    void operator()(const WrapKey& c) { by(m_signer, "r4", c.receipt.body, c.receipt.signature); }
    void operator()(const RewrapKey& c) { by(m_signer, "r4", c.receipt.body, c.receipt.signature); }
    void operator()(const ProvideEscrow& c) {
        by(m_config.keyServer.identity, "key-ready", c.keyReady, c.keyReadySignature);
    }
    void operator()(const SendPart& c) { by(m_signer, "key-part", c.note, c.signature); }
    void operator()(const ConfirmDelivery& c) { by(m_signer, "r8", c.receipt, c.signature); }
    void operator()(const PassOwnership& c) { by(m_signer, custody::kCustodyLabel, c.entry.entry, c.entry.signature); }
    void operator()(const ConfirmStored& c) { by(m_signer, "r8-store", c.receipt, c.signature); }
    void operator()(const ConfirmUnlock& c) { by(m_signer, "r14", c.receipt, c.signature); }
    void operator()(const RaiseDispute& c) {
        if (c.receipt && c.signature) by(m_signer, "r14", *c.receipt, *c.signature);
    }
    void operator()(const JudgeData& c) { by(m_signer, "verdict", c.verdict, c.signature); }
    template <class Other>
    void operator()(const Other&) {}

private:
    template <HasCborFields T>
    void by(const IdentityKey& key, std::string_view name, const T& value, const Signature& signature) {
        m_checked.check(key, name, value, signature);
    }

    CheckedSignatures& m_checked;
    const Config& m_config;
    const IdentityKey& m_signer;
};

} // namespace

// From calloc, because large pieces of it are not there until they are written to.
CheckedSignatures::CheckedSignatures(std::size_t places)
    : m_count(places),
      m_places(static_cast<Hash*>(std::calloc(places, sizeof(Hash)))) {
    static_assert(std::is_aggregate_v<Hash> && std::is_trivially_copyable_v<Hash>);
    if (!m_places) throw std::bad_alloc();
}

void CheckedSignatures::Free::operator()(Hash* places) const { std::free(places); }

Hash& CheckedSignatures::placeOf(const Hash& question) {
    std::uint64_t start = 0;
    std::memcpy(&start, question.data(), sizeof start);
    return m_places[start % m_count];
}

void CheckedSignatures::remember(const Hash& question) {
    const std::lock_guard lock(m_mutex);
    placeOf(question) = question;
}

void CheckedSignatures::check(const IdentityKey& by, std::string_view name, ByteView cbor, const Signature& signature) {
    const Bytes framed = crypto::frame(name, cbor);
    if (!crypto::verifyRaw(by, framed, signature)) return;
    remember(questionOf(by, framed, signature));
}

bool CheckedSignatures::verify(const IdentityKey& by, std::string_view name, ByteView cbor,
                               const Signature& signature) {
    const Bytes framed = crypto::frame(name, cbor);
    const Hash question = questionOf(by, framed, signature);
    {
        const std::lock_guard lock(m_mutex);
        const bool isKnown = placeOf(question) == question;
        ++(isKnown ? m_counts.known : m_counts.found);
        if (isKnown) return true;
    }
    if (!crypto::verifyRaw(by, framed, signature)) return false;
    remember(question);
    return true;
}

CheckedSignatures::Counts CheckedSignatures::counts() const {
    const std::lock_guard lock(m_mutex);
    return m_counts;
}

void checkAhead(CheckedSignatures& checked, const Config& config, const IdentityKey& signer, const CommandBody& body) {
    std::visit(Ahead(checked, config, signer), body);
}

} // namespace tallylock::engine
