#include "core/keys/SeedPhrase.h"

#include "core/crypto/Hash.h"
#include "core/crypto/Kdf.h"
#include "core/keys/WordList.h"

#include <algorithm>
#include <cassert>
#include <optional>

namespace tallylock::keys {

static constexpr std::size_t kBitsPerWord = 11;

const char* nameOf(PhraseError error) {
    switch (error) {
    case PhraseError::WrongCount: return "wrong number of words";
    case PhraseError::UnknownWord: return "unknown word";
    case PhraseError::WrongChecksum: return "wrong check sum";
    case PhraseError::PassphraseNotAscii: return "passphrase is not ASCII";
    }
    return "?";
}

static bool isPhraseSize(std::size_t entropySize) {
    return entropySize >= 16 && entropySize <= 32 && entropySize % 4 == 0;
}

static std::optional<std::size_t> wordIndex(std::string_view word) {
    const auto at = std::lower_bound(kWords.begin(), kWords.end(), word);
    if (at == kWords.end() || *at != word) return std::nullopt;
    return static_cast<std::size_t>(at - kWords.begin());
}

static bool bitAt(ByteView bytes, std::size_t bit) { return ((bytes[bit / 8] >> (7 - bit % 8)) & 1) != 0; }

SeedPhrase SeedPhrase::create(Random& random, std::size_t words) {
    assert(words % 3 == 0 && isPhraseSize(words / 3 * 4));
    SecretBytes entropy(words / 3 * 4);
    random.fill(entropy.span());
    return SeedPhrase(std::move(entropy));
}

SeedPhrase SeedPhrase::fromEntropy(ByteView entropy) {
    assert(isPhraseSize(entropy.size()));
    return SeedPhrase(SecretBytes::copyOf(entropy));
}

std::string_view SeedPhrase::word(std::size_t index) const {
    assert(index < wordCount());
    // The bits are the entropy, then the first bits of its SHA-256: at most 8, so one byte of it is enough.
    const std::uint8_t check = crypto::sha256(m_entropy.view()).bytes[0];
    const std::size_t entropyBits = m_entropy.size() * 8;
    std::size_t number = 0;
    for (std::size_t bit = index * kBitsPerWord; bit < (index + 1) * kBitsPerWord; ++bit) {
        const bool one = bit < entropyBits ? bitAt(m_entropy.view(), bit) : bitAt({&check, 1}, bit - entropyBits);
        number = number * 2 + (one ? 1 : 0);
    }
    return kWords[number];
}

SecretBytes SeedPhrase::text() const {
    std::size_t size = wordCount() - 1;
    for (std::size_t i = 0; i < wordCount(); ++i) size += word(i).size();
    SecretBytes text(size);
    std::uint8_t* to = text.data();
    for (std::size_t i = 0; i < wordCount(); ++i) {
        if (i > 0) *to++ = ' ';
        to = std::copy(word(i).begin(), word(i).end(), to);
    }
    return text;
}

namespace {
/// Takes the words of a text one by one, in lower case, without keeping them.
class WordScanner {
public:
    explicit WordScanner(std::string_view text) : m_rest(text) {}
    /// The next word, valid until the next call; empty at the end. A word too long for the list is cut, and so unknown.
    std::string_view next() {
        const auto start = std::find_if_not(m_rest.begin(), m_rest.end(), isSpace);
        const auto end = std::find_if(start, m_rest.end(), isSpace);
        std::size_t size = 0;
        for (auto c = start; c != end && size < m_word.size(); ++c) {
            m_word[size++] = *c >= 'A' && *c <= 'Z' ? static_cast<char>(*c - 'A' + 'a') : *c;
        }
        m_rest = m_rest.substr(static_cast<std::size_t>(end - m_rest.begin()));
        return {m_word.data(), size};
    }
    ~WordScanner() { wipe(std::span(reinterpret_cast<std::uint8_t*>(m_word.data()), m_word.size())); }

private:
    static bool isSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
    std::string_view m_rest;
    std::array<char, 16> m_word{};
};
} // namespace

Result<SeedPhrase, PhraseFault> SeedPhrase::parse(std::string_view text) {
    std::size_t count = 0;
    for (WordScanner words(text); !words.next().empty();) ++count;
    if (count % 3 != 0 || !isPhraseSize(count / 3 * 4)) return Err(PhraseFault{PhraseError::WrongCount, count});

    SecretBytes bits(count / 3 * 4 + 1);
    WordScanner words(text);
    for (std::size_t i = 0; i < count; ++i) {
        const auto index = wordIndex(words.next());
        if (!index) return Err(PhraseFault{PhraseError::UnknownWord, i + 1});
        for (std::size_t b = 0; b < kBitsPerWord; ++b) {
            const std::size_t bit = i * kBitsPerWord + b;
            if ((*index >> (kBitsPerWord - 1 - b)) & 1) {
                bits.data()[bit / 8] = static_cast<std::uint8_t>(bits.data()[bit / 8] | (0x80 >> (bit % 8)));
            }
        }
    }
    SecretBytes entropy = SecretBytes::copyOf(bits.view().first(bits.size() - 1));
    const std::uint8_t check = crypto::sha256(entropy.view()).bytes[0];
    // Beyond the check bits (a third as many as words) the last byte is zero.
    if (bits.view().back() >> (8 - count / 3) != check >> (8 - count / 3))
        return Err(PhraseFault{PhraseError::WrongChecksum});
    return SeedPhrase(std::move(entropy));
}

Result<SecretBytes, PhraseError> SeedPhrase::seed(std::string_view passphrase) const {
    // ASCII is its own NFKD form; for anything else a silent difference would lose a person's money.
    if (std::any_of(passphrase.begin(), passphrase.end(), [](char c) { return (c & 0x80) != 0; })) {
        return Err(PhraseError::PassphraseNotAscii);
    }
    static constexpr std::string_view kSaltPrefix = "mnemonic";
    SecretBytes salt(kSaltPrefix.size() + passphrase.size());
    std::copy(passphrase.begin(), passphrase.end(), std::copy(kSaltPrefix.begin(), kSaltPrefix.end(), salt.data()));
    const SecretBytes words = text();
    const std::string_view password(reinterpret_cast<const char*>(words.data()), words.size());
    return crypto::pbkdf2HmacSha512(password, salt.view(), 2048, 64);
}

std::vector<std::string_view> wordsStartingWith(std::string_view prefix, std::size_t most) {
    std::vector<std::string_view> found;
    for (auto at = std::lower_bound(kWords.begin(), kWords.end(), prefix);
         at != kWords.end() && at->starts_with(prefix) && found.size() < most; ++at) {
        found.push_back(*at);
    }
    return found;
}

bool isPhraseWord(std::string_view word) { return wordIndex(word).has_value(); }

} // namespace tallylock::keys
