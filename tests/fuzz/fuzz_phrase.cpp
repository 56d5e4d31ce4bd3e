// Seed phrases as people type them.
#include "core/keys/Normal.h"
#include "core/keys/SeedPhrase.h"
#include "tests/fuzz/Fuzz.h"

using namespace tallylock;
using namespace tallylock::keys;
using fuzz::require;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto normal = nfkd(text)) {
        const auto again = nfkd({reinterpret_cast<const char*>(normal->data()), normal->size()});
        require(again && again->equals(normal->view()), "a normal form is its own normal form");
    }
    const auto phrase = SeedPhrase::parse(text);
    if (!phrase) {
        const PhraseFault fault = phrase.error();
        if (fault.error == PhraseError::UnknownWord || fault.error == PhraseError::MixedLanguages) {
            require(fault.position >= 1 && fault.position <= size, "a wrong word has a place");
        }
        return 0;
    }
    const std::size_t words = phrase->wordCount();
    require(words >= 12 && words <= 24 && words % 3 == 0, "a phrase has 12, 15, 18, 21 or 24 words");
    for (std::size_t i = 0; i < words; ++i) require(isPhraseWord(phrase->word(i)), "every word is on the list");
    const SecretBytes canonical = phrase->text();
    const auto again = SeedPhrase::parse({reinterpret_cast<const char*>(canonical.data()), canonical.size()});
    require(again && again->text().equals(canonical.view()), "the canonical text is the same phrase");
    const SeedPhrase made = SeedPhrase::fromEntropy(phrase->entropy().view(), phrase->language());
    require(made.text().equals(canonical.view()), "the entropy is the same phrase");
    return 0;
}
