#include "core/keys/SeedPhrase.h"

#include "core/crypto/Hash.h"
#include "core/crypto/Kdf.h"
#include "core/keys/Normal.h"

#include <algorithm>
#include <bitset>
#include <cassert>
#include <optional>

namespace tallylock::keys {

static constexpr std::size_t kBitsPerWord = 11;

const char* nameOf(PhraseError error) {
    switch (error) {
    case PhraseError::WrongCount: return "wrong number of words";
    case PhraseError::UnknownWord: return "unknown word";
    case PhraseError::MixedLanguages: return "words of several languages";
    case PhraseError::WrongChecksum: return "wrong check sum";
    case PhraseError::InvalidUtf8: return "not valid UTF-8";
    }
    return "?";
}

static bool isPhraseSize(std::size_t entropySize) {
    return entropySize >= 16 && entropySize <= 32 && entropySize % 4 == 0;
}

static const WordList& listOf(Language language) { return kWordLists[static_cast<std::size_t>(language)]; }

static std::string_view textViewOf(const SecretBytes& secret) {
    return {reinterpret_cast<const char*>(secret.data()), secret.size()};
}

// --- comparing words -------------------------------------------------------------------------------------------------

namespace {

enum class Accents { Count, Ignored };

/// The bytes of a word without accents: the combining marks U+0300 to U+036F, in UTF-8 CC 80 to CD AF, which are those
/// of Latin letters, and not the voicing marks of Japanese, which make another word.
class Letters {
public:
    explicit Letters(std::string_view word) : m_rest(word) {}
    /// -1 at the end.
    int next() {
        while (startsWithAccent()) m_rest.remove_prefix(2);
        if (m_rest.empty()) return -1;
        const int letter = static_cast<unsigned char>(m_rest.front());
        m_rest.remove_prefix(1);
        return letter;
    }

private:
    bool startsWithAccent() const {
        if (m_rest.size() < 2) return false;
        const auto first = static_cast<unsigned char>(m_rest[0]);
        const auto second = static_cast<unsigned char>(m_rest[1]);
        return first == 0xcc || (first == 0xcd && second <= 0xaf);
    }
    std::string_view m_rest;
};

/// Compares without accents: below zero, zero or above.
int compareLetters(std::string_view one, std::string_view other) {
    Letters left(one);
    Letters right(other);
    for (;;) {
        const int letter = left.next();
        const int against = right.next();
        if (letter != against) return letter - against;
        if (letter < 0) return 0;
    }
}

bool startsWith(std::string_view word, std::string_view prefix) {
    Letters left(word);
    Letters right(prefix);
    for (int wanted = right.next(); wanted >= 0; wanted = right.next()) {
        if (left.next() != wanted) return false;
    }
    return true;
}

struct ListedWord {
    std::string_view word;
    std::size_t language;
    std::size_t index;
};

/// The words of all lists, in the order of their letters without accents.
const std::vector<ListedWord>& dictionary() {
    static const std::vector<ListedWord> all = [] {
        std::vector<ListedWord> words;
        for (std::size_t language = 0; language < kLanguageCount; ++language)
            for (std::size_t i = 0; i < kWordCount; ++i) words.push_back({kWordLists[language][i], language, i});
        std::sort(words.begin(), words.end(), [](const ListedWord& left, const ListedWord& right) {
            return compareLetters(left.word, right.word) < 0;
        });
        return words;
    }();
    return all;
}

/// Where a word is listed: its index, by language.
using Places = std::array<std::optional<std::size_t>, kLanguageCount>;

Places placesOf(std::string_view word, Accents accents) {
    Places places;
    const auto& all = dictionary();
    auto at = std::lower_bound(all.begin(), all.end(), word, [](const ListedWord& listed, std::string_view wanted) {
        return compareLetters(listed.word, wanted) < 0;
    });
    for (; at != all.end() && compareLetters(at->word, word) == 0; ++at) {
        if (accents == Accents::Ignored || at->word == word) places[at->language] = at->index;
    }
    return places;
}

// --- bits and words --------------------------------------------------------------------------------------------------

bool bitAt(ByteView bytes, std::size_t bit) { return ((bytes[bit / 8] >> (7 - bit % 8)) & 1) != 0; }

/// The entropy of words that the language has; nothing if their check sum is wrong.
std::optional<SecretBytes> entropyOf(const std::vector<std::string_view>& words, std::size_t language,
                                     Accents accents) {
    SecretBytes bits(words.size() / 3 * 4 + 1);
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::size_t index = *placesOf(words[i], accents)[language];
        for (std::size_t b = 0; b < kBitsPerWord; ++b) {
            const std::size_t bit = i * kBitsPerWord + b;
            if ((index >> (kBitsPerWord - 1 - b)) & 1) {
                bits.data()[bit / 8] = static_cast<std::uint8_t>(bits.data()[bit / 8] | (0x80 >> (bit % 8)));
            }
        }
    }
    SecretBytes entropy = SecretBytes::copyOf(bits.view().first(bits.size() - 1));
    const std::uint8_t check = crypto::sha256(entropy.view()).bytes[0];
    // Beyond the check bits (a third as many as words) the last byte is zero.
    if (bits.view().back() >> (8 - words.size() / 3) != check >> (8 - words.size() / 3)) return std::nullopt;
    return entropy;
}

std::vector<std::string_view> splitWords(std::string_view text) {
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        words.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

} // namespace

// --- phrases ---------------------------------------------------------------------------------------------------------

SeedPhrase SeedPhrase::create(Random& random, std::size_t words) {
    assert(words % 3 == 0 && isPhraseSize(words / 3 * 4));
    SecretBytes entropy(words / 3 * 4);
    random.fill(entropy.span());
    return {std::move(entropy), Language::English};
}

SeedPhrase SeedPhrase::fromEntropy(ByteView entropy, Language language) {
    assert(isPhraseSize(entropy.size()));
    return {SecretBytes::copyOf(entropy), language};
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
    return listOf(m_language)[number];
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

Result<SeedPhrase, PhraseFault> SeedPhrase::parse(std::string_view text) {
    const auto normal = normalWords(text);
    if (!normal) return Err(PhraseFault{PhraseError::InvalidUtf8});
    const std::vector<std::string_view> words = splitWords(textViewOf(*normal));
    if (words.size() % 3 != 0 || !isPhraseSize(words.size() / 3 * 4))
        return Err(PhraseFault{PhraseError::WrongCount, words.size()});

    // Words as they are written come first: what is an English phrase is no French one without its accents.
    PhraseFault fault{};
    for (const Accents accents : {Accents::Count, Accents::Ignored}) {
        std::bitset<kLanguageCount> shared;
        shared.set();
        fault = {PhraseError::WrongChecksum};
        for (std::size_t i = 0; i < words.size() && fault.error != PhraseError::UnknownWord; ++i) {
            std::bitset<kLanguageCount> known;
            const Places places = placesOf(words[i], accents);
            for (std::size_t language = 0; language < kLanguageCount; ++language)
                known[language] = places[language].has_value();
            shared &= known;
            if (known.none())
                fault = {PhraseError::UnknownWord, i + 1};
            else if (shared.none() && fault.error == PhraseError::WrongChecksum)
                fault = {PhraseError::MixedLanguages, i + 1};
        }
        for (std::size_t language = 0; language < kLanguageCount; ++language) {
            if (!shared[language]) continue;
            if (auto entropy = entropyOf(words, language, accents))
                return SeedPhrase(std::move(*entropy), static_cast<Language>(language));
        }
        if (fault.error == PhraseError::WrongChecksum) break;
    }
    return Err(fault);
}

Result<SecretBytes, PhraseError> SeedPhrase::seed(std::string_view passphrase) const {
    static constexpr std::string_view kSaltPrefix = "mnemonic";
    const auto normal = nfkd(passphrase);
    if (!normal) return Err(PhraseError::InvalidUtf8);
    SecretBytes salt(kSaltPrefix.size() + normal->size());
    const auto rest = std::copy(kSaltPrefix.begin(), kSaltPrefix.end(), salt.data());
    std::copy(normal->view().begin(), normal->view().end(), rest);
    const SecretBytes words = text();
    return crypto::pbkdf2HmacSha512(textViewOf(words), salt.view(), 2048, 64);
}

// --- words as they are typed -----------------------------------------------------------------------------------------

std::vector<std::string_view> wordsStartingWith(std::string_view prefix, std::size_t most) {
    std::vector<std::string_view> found;
    const auto normal = normalWords(prefix);
    if (!normal) return found;
    for (const WordList& list : kWordLists) {
        for (const std::string_view word : list) {
            if (found.size() == most) return found;
            // The Chinese lists share words.
            if (startsWith(word, textViewOf(*normal)) && std::find(found.begin(), found.end(), word) == found.end())
                found.push_back(word);
        }
    }
    return found;
}

bool isPhraseWord(std::string_view word) {
    const auto normal = normalWords(word);
    if (!normal) return false;
    const Places places = placesOf(textViewOf(*normal), Accents::Ignored);
    return std::any_of(places.begin(), places.end(), [](const auto& place) { return place.has_value(); });
}

} // namespace tallylock::keys
