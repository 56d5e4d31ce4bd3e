// Keys as text and key files: what is read is written again to the same text, but for the case of its letters.
#include "core/asset/AgeKey.h"
#include "tests/fuzz/Fuzz.h"

using namespace tallylock;
using namespace tallylock::asset;
using fuzz::require;

static std::string inLowerCase(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return lower;
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto recipient = parseRecipient(text)) {
        require(recipientText(*recipient) == inLowerCase(text), "a recipient is written as it was read");
    }
    if (const auto identity = parseIdentity(text)) {
        const SecretBytes again = identityText(*identity);
        require(inLowerCase(textOf(again.view())) == inLowerCase(text), "an identity is written as it was read");
    }
    const auto identities = parseKeyFile(text);
    if (!identities) return 0;
    require(!identities->empty() && identities->size() <= 1000, "a key file has 1 to 1000 identities");
    for (const SecretBytes& identity : *identities) {
        const SecretBytes one = keyFileText(identity, 0);
        const auto again = parseKeyFile({reinterpret_cast<const char*>(one.data()), one.size()});
        require(again && again->size() == 1 && again->front().equals(identity.view()), "a key file can be rewritten");
    }
    return 0;
}
