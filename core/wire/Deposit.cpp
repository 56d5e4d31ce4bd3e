#include "core/wire/Deposit.h"

#include "core/crypto/Hash.h"

#include <algorithm>
#include <cassert>

namespace tallylock::wire {

namespace {

constexpr std::size_t kMaxC1Size = 256;

/// Writes canonical CBOR straight into locked memory. Byte strings here are shorter than 256 bytes.
class SecretWriter {
public:
    explicit SecretWriter(std::size_t most) : m_bytes(most) {}
    void array(std::uint8_t count) { put(static_cast<std::uint8_t>(0x80 | count)); }
    void map(std::uint8_t count) { put(static_cast<std::uint8_t>(0xa0 | count)); }
    void key(std::uint8_t key) { put(key); }
    void byteString(ByteView bytes) {
        assert(bytes.size() < 256);
        if (bytes.size() < 24) {
            put(static_cast<std::uint8_t>(0x40 | bytes.size()));
        } else {
            put(0x58);
            put(static_cast<std::uint8_t>(bytes.size()));
        }
        assert(m_used + bytes.size() <= m_bytes.size());
        std::copy(bytes.begin(), bytes.end(), m_bytes.data() + m_used);
        m_used += bytes.size();
    }
    ByteView view() const { return m_bytes.view().first(m_used); }

private:
    void put(std::uint8_t byte) {
        assert(m_used < m_bytes.size());
        m_bytes.data()[m_used++] = byte;
    }
    SecretBytes m_bytes;
    std::size_t m_used = 0;
};

/// What the seller signs: [t, H("deposit", [P1, S, F])].
Bytes depositClaim(const Hash& terms, ByteView firstPassword, ByteView plainSalt, ByteView fingerprintPart) {
    SecretWriter writer(128);
    writer.array(3);
    writer.byteString(firstPassword);
    writer.byteString(plainSalt);
    writer.byteString(fingerprintPart);
    return crypto::cborList(terms, crypto::labelledHash("deposit", writer.view()));
}

/// The entries of a map with the keys 1 to N, which all hold byte strings. Nothing if it is anything else.
template <std::size_t N>
std::optional<std::array<ByteView, N>> readEntries(ByteView plain) {
    CborReader reader(plain);
    if (reader.map(N) != N) return std::nullopt;
    std::array<ByteView, N> entries;
    for (std::uint64_t i = 0; i < N; ++i) {
        if (reader.key(i, i == 0) != i + 1) return std::nullopt;
        entries[i] = reader.byteString(kMaxC1Size);
    }
    if (!reader.finish()) return std::nullopt;
    return entries;
}

Hash boxHash(std::string_view label, ByteView box) { return crypto::labelledHash(label, encodeCbor(bytesOf(box))); }

} // namespace

const char* nameOf(BoxError error) {
    switch (error) {
    case BoxError::NotOurs: return "not-ours";
    case BoxError::Malformed: return "malformed";
    case BoxError::OtherSale: return "other-sale";
    case BoxError::WrongSignature: return "wrong-signature";
    }
    return "?";
}

Bytes sealDeposit(const BoxKey& depositKey, const Hash& terms, const DepositContent& content,
                  const keys::Identity& seller, Random& random) {
    const ByteView p1 = content.secrets.firstPassword.view();
    const ByteView salt = content.secrets.plainSalt.view();
    const ByteView f = content.fingerprintPart.view();
    const Signature signature = seller.sign("deposit", depositClaim(terms, p1, salt, f));
    SecretWriter writer(256);
    writer.map(5);
    writer.key(1);
    writer.byteString(terms.view());
    writer.key(2);
    writer.byteString(p1);
    writer.key(3);
    writer.byteString(salt);
    writer.key(4);
    writer.byteString(f);
    writer.key(5);
    writer.byteString(signature.view());
    return crypto::sealBox(depositKey, writer.view(), random);
}

Result<DepositContent, BoxError> openDeposit(const SecretBytes& depositSecret, ByteView box, const Hash& terms,
                                             const IdentityKey& seller) {
    const auto plain = crypto::openBox(depositSecret, box);
    if (!plain) return Err(BoxError::NotOurs);
    const auto entries = readEntries<5>(plain->view());
    if (!entries) return Err(BoxError::Malformed);
    const auto& [t, p1, salt, f, signed_] = *entries;
    const auto signature = Signature::from(signed_);
    if (p1.size() != keys::kFirstPasswordSize || salt.size() != keys::kPlainSaltSize ||
        f.size() != keys::kFingerprintPartSize || !signature)
        return Err(BoxError::Malformed);
    if (!std::ranges::equal(t, terms.view())) return Err(BoxError::OtherSale);
    if (!crypto::verify(seller, "deposit", depositClaim(terms, p1, salt, f), *signature))
        return Err(BoxError::WrongSignature);
    return DepositContent{{SecretBytes::copyOf(p1), SecretBytes::copyOf(salt)}, SecretBytes::copyOf(f)};
}

Hash depositHash(ByteView box) { return boxHash("deposit-box", box); }

Bytes sealKeyPart1(const BoxKey& buyer, const Hash& contract, const KeyPart1& part, Random& random) {
    SecretWriter writer(kMaxC1Size + 128);
    writer.map(3);
    writer.key(1);
    writer.byteString(contract.view());
    writer.key(2);
    writer.byteString(part.c1);
    writer.key(3);
    writer.byteString(part.fingerprintPart.view());
    return crypto::sealBox(buyer, writer.view(), random);
}

Result<KeyPart1, BoxError> openKeyPart1(const keys::Identity& buyer, ByteView box, const Hash& contract) {
    const auto plain = buyer.openBox(box);
    if (!plain) return Err(BoxError::NotOurs);
    const auto entries = readEntries<3>(plain->view());
    if (!entries || (*entries)[2].size() != keys::kFingerprintPartSize) return Err(BoxError::Malformed);
    const auto& [k, c1, f] = *entries;
    if (!std::ranges::equal(k, contract.view())) return Err(BoxError::OtherSale);
    return KeyPart1{bytesOf(c1), SecretBytes::copyOf(f)};
}

Bytes sealKeyPart2(const BoxKey& buyer, const Hash& contract, const SecretBytes& secondPassword, Random& random) {
    SecretWriter writer(128);
    writer.map(2);
    writer.key(1);
    writer.byteString(contract.view());
    writer.key(2);
    writer.byteString(secondPassword.view());
    return crypto::sealBox(buyer, writer.view(), random);
}

Result<SecretBytes, BoxError> openKeyPart2(const keys::Identity& buyer, ByteView box, const Hash& contract) {
    const auto plain = buyer.openBox(box);
    if (!plain) return Err(BoxError::NotOurs);
    const auto entries = readEntries<2>(plain->view());
    if (!entries || (*entries)[1].size() != keys::kSecondPasswordSize) return Err(BoxError::Malformed);
    const auto& [k, p2] = *entries;
    if (!std::ranges::equal(k, contract.view())) return Err(BoxError::OtherSale);
    return SecretBytes::copyOf(p2);
}

Hash partHash(ByteView box) { return boxHash("part", box); }

} // namespace tallylock::wire
