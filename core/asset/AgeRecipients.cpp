#include "core/asset/AgeRecipients.h"

#include "core/asset/AgeBase64.h"
#include "core/asset/AgeHeader.h"
#include "core/crypto/Box.h"
#include "core/crypto/ChunkCipher.h"
#include "core/crypto/Kdf.h"

#include <algorithm>
#include <cassert>
#include <sodium.h>

namespace tallylock::asset {

using crypto::ChunkCipher;

static constexpr std::string_view kX25519Info = "age-encryption.org/v1/X25519";
static constexpr std::string_view kScryptSaltStart = "age-encryption.org/v1/scrypt";
static constexpr std::size_t kScryptSaltSize = 16;
static constexpr std::size_t kWrappedKeySize = kAgeFileKeySize + ChunkCipher::kTagSize;
static constexpr std::uint8_t kStanzaNonce[ChunkCipher::kNonceSize] = {}; // each stanza key is used once

static Hash headerMac(const SecretBytes& fileKey, ByteView covered) {
    const SecretBytes key = crypto::hkdfSha256(fileKey.view(), {}, viewOf("header"));
    return crypto::hmacSha256(key.view(), covered);
}

static SecretBytes x25519StanzaKey(const SecretBytes& shared, const BoxKey& share, const BoxKey& recipient) {
    Bytes salt = bytesOf(share.view());
    append(salt, recipient.view());
    return crypto::hkdfSha256(shared.view(), salt, viewOf(kX25519Info));
}

static SecretBytes scryptStanzaKey(const SecretBytes& passphrase, ByteView salt, unsigned workFactor) {
    Bytes wholeSalt = bytesOf(kScryptSaltStart);
    append(wholeSalt, salt);
    return crypto::scrypt(passphrase.view(), wholeSalt, workFactor);
}

// --- opening -------------------------------------------------------------------------------------------------------

// Nothing if the key is not this stanza's.
static std::optional<SecretBytes> unwrapped(const SecretBytes& stanzaKey, const AgeStanza& stanza) {
    SecretBytes fileKey(kAgeFileKeySize);
    ChunkCipher cipher(stanzaKey.view(), ChunkCipher::Direction::Open);
    if (!cipher.open(kStanzaNonce, stanza.body, fileKey.data())) return std::nullopt;
    return fileKey;
}

static Result<std::optional<SecretBytes>, SealError> openX25519(const AgeStanza& stanza, const SecretBytes& identity) {
    const auto bytes = stanza.arguments.size() == 2 ? fromAgeBase64(stanza.arguments[1]) : std::nullopt;
    const auto share = bytes ? BoxKey::from(*bytes) : std::nullopt;
    if (!share || stanza.body.size() != kWrappedKeySize) return Err(SealError::HeaderMalformed);
    const auto shared = crypto::sharedSecret(identity, *share);
    if (!shared) return Err(SealError::HeaderMalformed); // a share of low order
    return unwrapped(x25519StanzaKey(*shared, *share, crypto::boxKeyOf(identity)), stanza);
}

// A decimal number without sign or leading zeros. 100 stands for all that is longer.
static std::optional<unsigned> workFactorIn(std::string_view text) {
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.empty() || text[0] == '0' || !std::all_of(text.begin(), text.end(), isDigit)) return std::nullopt;
    if (text.size() > 2) return 100;
    unsigned value = 0;
    for (const char c : text) value = value * 10 + static_cast<unsigned>(c - '0');
    return value;
}

static Result<std::optional<SecretBytes>, SealError> openScrypt(const AgeStanza& stanza, const SecretBytes& passphrase,
                                                                unsigned maxWorkFactor) {
    if (stanza.arguments.size() != 3) return Err(SealError::HeaderMalformed);
    const auto salt = fromAgeBase64(stanza.arguments[1]);
    const auto workFactor = workFactorIn(stanza.arguments[2]);
    if (!salt || salt->size() != kScryptSaltSize || !workFactor || stanza.body.size() != kWrappedKeySize) {
        return Err(SealError::HeaderMalformed);
    }
    if (*workFactor > maxWorkFactor) return Err(SealError::WorkFactorTooHigh);
    const SecretBytes key = scryptStanzaKey(passphrase, *salt, *workFactor);
    if (key.empty()) return Err(SealError::NoMemory);
    return unwrapped(key, stanza);
}

bool AgeHeader::isAuthentic(const SecretBytes& fileKey) const {
    const Hash expected = headerMac(fileKey, ByteView(bytes).first(macSize));
    return sodium_memcmp(expected.data(), mac.data(), Hash::kSize) == 0;
}

Result<SecretBytes, SealError> AgeHeader::fileKey(const AgeSecrets& secrets) const {
    const bool wantsPassphrase = stanzas[0].type() == kScryptType; // then it stands alone
    std::optional<SecretBytes> found;
    const auto tryEach = [&](std::span<const SecretBytes> keys, std::string_view type,
                             const auto& open) -> Result<void, SealError> {
        for (const SecretBytes& key : keys) {
            for (const AgeStanza& stanza : stanzas) {
                if (found || stanza.type() != type) continue;
                auto opened = open(stanza, key);
                if (!opened) return Err(opened.error());
                found = std::move(*opened);
            }
        }
        return {};
    };
    const auto withPassphrase = [&](const AgeStanza& stanza, const SecretBytes& passphrase) {
        return openScrypt(stanza, passphrase, secrets.maxWorkFactor);
    };
    const auto tried = wantsPassphrase ? tryEach(secrets.passphrases, kScryptType, withPassphrase)
                                       : tryEach(secrets.identities, kX25519Type, openX25519);
    if (!tried) return Err(tried.error());
    if (!found) {
        if (!wantsPassphrase) return Err(SealError::WrongKey);
        return Err(secrets.passphrases.empty() ? SealError::PassphraseNeeded : SealError::WrongPassphrase);
    }
    if (!isAuthentic(*found)) return Err(SealError::HeaderForged);
    return std::move(*found);
}

// --- sealing -------------------------------------------------------------------------------------------------------

static std::string stanzaText(const std::string& arguments, const SecretBytes& stanzaKey, const SecretBytes& fileKey) {
    ChunkCipher cipher(stanzaKey.view(), ChunkCipher::Direction::Seal);
    Bytes body(kWrappedKeySize);
    cipher.seal(kStanzaNonce, fileKey.view(), body.data());
    return "-> " + arguments + "\n" + ageBase64(body) + "\n";
}

static Result<std::string, SealError> x25519Stanza(const BoxKey& recipient, const SecretBytes& fileKey,
                                                   Random& random) {
    const SecretBytes oneTime = crypto::newBoxSecret(random);
    const BoxKey share = crypto::boxKeyOf(oneTime);
    const auto shared = crypto::sharedSecret(oneTime, recipient);
    if (!shared) return Err(SealError::WrongKey);
    return stanzaText(std::string(kX25519Type) + " " + ageBase64(share.view()),
                      x25519StanzaKey(*shared, share, recipient), fileKey);
}

static Result<std::string, SealError> scryptStanza(const SecretBytes& passphrase, unsigned workFactor,
                                                   const SecretBytes& fileKey, Random& random) {
    assert(workFactor >= 1 && workFactor <= 30);
    std::array<std::uint8_t, kScryptSaltSize> salt;
    random.fill(salt);
    const SecretBytes key = scryptStanzaKey(passphrase, salt, workFactor);
    if (key.empty()) return Err(SealError::NoMemory);
    return stanzaText(std::string(kScryptType) + " " + ageBase64(salt) + " " + std::to_string(workFactor), key,
                      fileKey);
}

Result<Bytes, SealError> makeAgeHeader(const AgeRecipients& recipients, const SecretBytes& fileKey, Random& random) {
    assert(fileKey.size() == kAgeFileKeySize);
    assert(recipients.keys.empty() == (recipients.passphrase != nullptr));
    std::string text = std::string(kAgeIntro) + "\n";
    if (recipients.passphrase) {
        const auto stanza = scryptStanza(*recipients.passphrase, recipients.workFactor, fileKey, random);
        if (!stanza) return Err(stanza.error());
        text += *stanza;
    }
    for (const BoxKey& recipient : recipients.keys) {
        const auto stanza = x25519Stanza(recipient, fileKey, random);
        if (!stanza) return Err(stanza.error());
        text += *stanza;
    }
    text += "---";
    const Hash mac = headerMac(fileKey, viewOf(text));
    text += " " + ageBase64(mac.view()) + "\n";
    if (text.size() > kMaxAgeHeader) return Err(SealError::HeaderTooLong); // we could not read it again
    return bytesOf(text);
}

} // namespace tallylock::asset
