// Seed phrases: BIP-39, 12 to 24 words. New ones are English; those of every published language are read.
//
// The room `keys` owns what a person's secrets are and how one follows from another: the phrase, the identity derived
// from it, fingerprints, child phrases, the vault file, and the two passwords of a sale. It refuses to hold a secret in
// anything but SecretBytes. It does no networking, and touches a disk only in PrivateFile.h.
#pragma once

#include "core/base/Random.h"
#include "core/base/Result.h"
#include "core/base/SecretBytes.h"
#include "core/keys/WordList.h"

#include <string_view>
#include <vector>

namespace tallylock::keys {

enum class PhraseError {
    WrongCount,     ///< not 12, 15, 18, 21 or 24 words
    UnknownWord,    ///< a word that is on no list
    MixedLanguages, ///< all words are known, but no one list has them all
    WrongChecksum,  ///< words of one list, but they do not belong together: a swapped or mistaken word
    InvalidUtf8,    ///< the phrase, or its passphrase, is not text
};
const char* nameOf(PhraseError error);

struct PhraseFault {
    PhraseError error{};
    /// From 1: the unknown word, or the first word that shares no language with those before it. For WrongCount the
    /// number of words found.
    std::size_t position = 0;
};

class SeedPhrase {
public:
    /// A new phrase of 12, 15, 18, 21 or 24 words.
    static SeedPhrase create(Random& random, std::size_t words = 12);
    /// From 16, 20, 24, 28 or 32 bytes; other sizes are the caller's bug.
    static SeedPhrase fromEntropy(ByteView entropy, Language language = Language::English);
    /// Words separated by any white space, in any case, composed or decomposed, with their accents or without (as the
    /// notes to the Spanish and French lists want it). The language is the one that has all of them. A few words are in
    /// two lists, and then the check sum decides; if both readings fit, they are the same words, and so the same seed.
    static Result<SeedPhrase, PhraseFault> parse(std::string_view text);

    Language language() const { return m_language; }
    std::size_t wordCount() const { return m_entropy.size() * 3 / 4; }
    /// The word at `index` from 0, NFKD. The view points into the list, not to a copy.
    std::string_view word(std::size_t index) const;
    /// All words with single spaces, NFKD.
    SecretBytes text() const;
    const SecretBytes& entropy() const { return m_entropy; }
    /// The 64-byte seed of BIP-39. It depends on the words and not only on the entropy, so the language matters.
    /// `passphrase` is UTF-8 in any form. Fails only with InvalidUtf8.
    Result<SecretBytes, PhraseError> seed(std::string_view passphrase = {}) const;

private:
    SeedPhrase(SecretBytes entropy, Language language) : m_entropy(std::move(entropy)), m_language(language) {}
    SecretBytes m_entropy;
    Language m_language;
};

/// The words that begin with `prefix`, of the English list first, each list in its order, at most `most`; NFKD. Case,
/// accents and normal form of the prefix do not matter. For completing what is typed.
std::vector<std::string_view> wordsStartingWith(std::string_view prefix, std::size_t most = 8);
/// Whether some list has it, compared as in `parse`.
bool isPhraseWord(std::string_view word);

} // namespace tallylock::keys
