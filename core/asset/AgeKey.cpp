#include "core/asset/AgeKey.h"

#include "core/asset/Bech32.h"
#include "core/crypto/Box.h"

#include <algorithm>
#include <ctime>

namespace tallylock::asset {

static constexpr std::string_view kRecipientPrefix = "age";
static constexpr std::string_view kIdentityPrefix = "age-secret-key-";
static constexpr std::size_t kMaxKeys = 1000;

const char* nameOf(AgeKeyError error) {
    switch (error) {
    case AgeKeyError::NotARecipient: return "not an age recipient";
    case AgeKeyError::NotAnIdentity: return "not an age identity";
    case AgeKeyError::NoIdentity: return "no identity in the key file";
    case AgeKeyError::NoRecipient: return "no recipient in the file";
    case AgeKeyError::TooMany: return "too many keys in the file";
    }
    return "?";
}

std::string recipientText(const BoxKey& recipient) {
    return textOf(bech32Encode(kRecipientPrefix, recipient.view()).view());
}

Result<BoxKey, AgeKeyError> parseRecipient(std::string_view text) {
    // Upper case is an identity's form; the specification wants recipients in lower case.
    const bool upper = std::any_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    const auto data = bech32Decode(kRecipientPrefix, text);
    const auto key = data ? BoxKey::from(data->view()) : std::nullopt;
    if (upper || !key) return Err(AgeKeyError::NotARecipient);
    return *key;
}

SecretBytes identityText(const SecretBytes& identity) {
    SecretBytes text = bech32Encode(kIdentityPrefix, identity.view());
    for (std::uint8_t& c : text.span()) {
        if (c >= 'a' && c <= 'z') c = static_cast<std::uint8_t>(c - 'a' + 'A');
    }
    return text;
}

Result<SecretBytes, AgeKeyError> parseIdentity(std::string_view text) {
    const bool lower = std::any_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    auto data = bech32Decode(kIdentityPrefix, text);
    if (lower || !data || data->size() != BoxKey::kSize) return Err(AgeKeyError::NotAnIdentity);
    return std::move(*data);
}

static std::string utcText(std::int64_t ms) {
    const std::time_t seconds = static_cast<std::time_t>(ms / 1000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[32];
    const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return {text, size};
}

SecretBytes keyFileText(const SecretBytes& identity, std::int64_t createdMs) {
    const std::string comments =
        "# created: " + utcText(createdMs) + "\n# public key: " + recipientText(crypto::boxKeyOf(identity)) + "\n";
    const SecretBytes secret = identityText(identity);
    SecretBytes text(comments.size() + secret.size() + 1);
    std::uint8_t* to = std::copy(comments.begin(), comments.end(), text.data());
    to = std::copy(secret.view().begin(), secret.view().end(), to);
    *to = '\n';
    return text;
}

// One key a line; `parse` reads it.
template <class Key, class Parse>
static Result<std::vector<Key>, AgeKeyError> parseLines(std::string_view text, AgeKeyError none, Parse parse) {
    std::vector<Key> keys;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty() || line.starts_with('#')) continue;
        auto key = parse(line);
        if (!key) return Err(key.error());
        if (keys.size() == kMaxKeys) return Err(AgeKeyError::TooMany);
        keys.push_back(std::move(key).value());
    }
    if (keys.empty()) return Err(none);
    return keys;
}

Result<std::vector<SecretBytes>, AgeKeyError> parseKeyFile(std::string_view text) {
    return parseLines<SecretBytes>(text, AgeKeyError::NoIdentity, parseIdentity);
}

Result<std::vector<BoxKey>, AgeKeyError> parseRecipients(std::string_view text) {
    return parseLines<BoxKey>(text, AgeKeyError::NoRecipient, parseRecipient);
}

} // namespace tallylock::asset
