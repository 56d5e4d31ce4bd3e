// The header of an age file: what is read is the only way to write it, and it opens only if its MAC is right.
#include "core/asset/AgeHeader.h"
#include "core/crypto/Kdf.h"
#include "tests/fuzz/Fuzz.h"

#include <sodium.h>

using namespace tallylock;
using namespace tallylock::asset;
using fuzz::require;

static std::string base64(ByteView bytes) {
    constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
    std::string text(sodium_base64_encoded_len(bytes.size(), kVariant), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), kVariant);
    text.pop_back();
    return text;
}

static std::string written(const AgeHeader& header) {
    std::string text = "age-encryption.org/v1\n";
    for (const AgeStanza& stanza : header.stanzas) {
        text += "->";
        for (const std::string& argument : stanza.arguments) text += " " + argument;
        text += "\n";
        const std::string body = base64(stanza.body);
        for (std::size_t i = 0; i + 64 <= body.size(); i += 64) text += body.substr(i, 64) + "\n";
        text += body.substr(body.size() / 64 * 64) + "\n";
    }
    return text + "--- " + base64(header.mac.view()) + "\n";
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    BytesSource bytes(input);
    BufferedSource source(bytes);
    const auto header = readAgeHeader(source);
    if (!header) return 0;
    require(header->bytes.size() <= kMaxAgeHeader, "a header is bounded");
    require(fuzz::same(header->bytes, input.first(header->bytes.size())), "the header is what was read");
    require(fuzz::same(viewOf(written(*header)), header->bytes), "a header can be written in one way only");
    require(header->macSize + 1 + 43 + 1 == header->bytes.size(), "the MAC covers all before it");
    Bytes after(16);
    const auto left = readFully(source, after);
    require(left && *left == std::min<std::size_t>(16, size - header->bytes.size()), "the payload is left in place");

    // The identity of the corpus' good headers: 01 02 .. 20.
    static const SecretBytes identity = [] {
        SecretBytes secret(32);
        for (std::uint8_t i = 0; i < 32; ++i) secret.data()[i] = static_cast<std::uint8_t>(i + 1);
        return secret;
    }();
    const auto fileKey = header->fileKey({&identity, 1});
    if (!fileKey) return 0;
    require(fileKey->size() == kAgeFileKeySize, "a file key has 16 bytes");
    const SecretBytes macKey = crypto::hkdfSha256(fileKey->view(), {}, viewOf("header"));
    require(crypto::hmacSha256(macKey.view(), input.first(header->macSize)) == header->mac, "the MAC is right");
    return 0;
}
