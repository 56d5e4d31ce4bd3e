// Signatures inside commands that somebody has checked before the engine is asked about them.
//
// An engine may be given one of these (Engine::consult). It answers as crypto::verify does, and sooner where the very
// same question has been answered with yes: same key, same label, same bytes, same signature. So it never decides
// anything, and an engine without one comes to the same events.
//
// A table of fixed size, four megabytes, of which only what is used takes memory: what is remembered has one place, by
// its hash, and whatever comes to that place next takes it. Nothing is lost by that but time. Any thread may call.
#pragma once

#include "core/crypto/Sign.h"
#include "core/engine/Engine.h"

#include <memory>
#include <mutex>

namespace tallylock::engine {

class CheckedSignatures {
public:
    explicit CheckedSignatures(std::size_t places = kPlaces);

    /// Checks it, and remembers it if it holds.
    void check(const IdentityKey& by, std::string_view name, ByteView cbor, const Signature& signature);
    template <HasCborFields T>
    void check(const IdentityKey& by, std::string_view name, const T& value, const Signature& signature) {
        check(by, name, encodeCbor(value), signature);
    }
    /// The same answer as crypto::verify; a yes is remembered.
    [[nodiscard]] bool verify(const IdentityKey& by, std::string_view name, ByteView cbor, const Signature& signature);
    /// How many answers were known, and how many had to be found.
    struct Counts {
        std::uint64_t known = 0;
        std::uint64_t found = 0;
    };
    Counts counts() const;

private:
    static constexpr std::size_t kPlaces = std::size_t{1} << 17;
    Hash& placeOf(const Hash& question);
    void remember(const Hash& question);

    struct Free {
        void operator()(Hash* places) const;
    };
    mutable std::mutex m_mutex;
    std::size_t m_count;
    std::unique_ptr<Hash[], Free> m_places; ///< hashes of questions whose answer was yes; zero: none
    Counts m_counts;
};

/// Checks the signature that this command carries inside, if it has one and its body tells what was signed. That is all
/// of them but the buyer's on the terms, of which SignTerms says the sale alone.
void checkAhead(CheckedSignatures& checked, const Config& config, const IdentityKey& signer, const CommandBody& body);

} // namespace tallylock::engine
