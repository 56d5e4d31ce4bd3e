// Seed phrases: BIP-39, English words, 12 to 24 of them.
//
// The room `keys` owns what a person's secrets are and how one follows from another: the phrase, the identity derived
// from it, fingerprints, child phrases, the vault file, and the two passwords of a sale. It refuses to hold a secret in
// anything but SecretBytes. It does no networking, and touches a disk only in PrivateFile.h.
#pragma once

#include "core/base/Random.h"
#include "core/base/Result.h"
#include "core/base/SecretBytes.h"

#include <string_view>
#include <vector>

namespace tallylock::keys {

enum class PhraseError {
    WrongCount,         ///< not 12, 15, 18, 21 or 24 words
    UnknownWord,        ///< a word that is not on the list
    WrongChecksum,      ///< all words are known, but they do not belong together: a swapped or mistaken word
    PassphraseNotAscii, ///< needs Unicode normalisation, which is not there yet
};
const char* nameOf(PhraseError error);

struct PhraseFault {
    PhraseError error{};
    std::size_t position = 0; ///< of the unknown word, from 1; for WrongCount the number of words found
};

class SeedPhrase {
public:
    /// A new phrase of 12, 15, 18, 21 or 24 words.
    static SeedPhrase create(Random& random, std::size_t words = 12);
    /// From 16, 20, 24, 28 or 32 bytes; other sizes are the caller's bug.
    static SeedPhrase fromEntropy(ByteView entropy);
    /// Words separated by any white space, in any case.
    static Result<SeedPhrase, PhraseFault> parse(std::string_view text);

    std::size_t wordCount() const { return m_entropy.size() * 3 / 4; }
    /// The word at `index` from 0. The view points into the list, not to a copy.
    std::string_view word(std::size_t index) const;
    /// All words with single spaces.
    SecretBytes text() const;
    const SecretBytes& entropy() const { return m_entropy; }
    /// The 64-byte seed of BIP-39. Fails only with PassphraseNotAscii.
    Result<SecretBytes, PhraseError> seed(std::string_view passphrase = {}) const;

private:
    explicit SeedPhrase(SecretBytes entropy) : m_entropy(std::move(entropy)) {}
    SecretBytes m_entropy;
};

/// The words that begin with `prefix` (lower case), in order, at most `most`. For completing what is typed.
std::vector<std::string_view> wordsStartingWith(std::string_view prefix, std::size_t most = 8);
bool isPhraseWord(std::string_view word);

} // namespace tallylock::keys
