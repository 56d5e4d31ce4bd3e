// What comes in boxes: deposits and key parts. The first byte chooses: the rest as a box; the rest in a box of our
// making, so that its content is reached; or a true deposit, which is then altered.
#include "core/crypto/Box.h"
#include "core/keys/SeedPhrase.h"
#include "core/wire/Deposit.h"
#include "tests/fuzz/Fuzz.h"
#include "tests/support/FixedRandom.h"

using namespace tallylock;
using namespace tallylock::wire;
using fuzz::require;

static const SecretBytes& boxSecret() {
    static const SecretBytes secret = SecretBytes::copyOf(Bytes(32, 7));
    return secret;
}

static const Hash kTerms = *Hash::from(Bytes(32, 1));

static void openAny(bool boxed, ByteView bytes) {
    static const auto seller = crypto::SigningKey::fromSeed(Bytes(32, 1));
    test::FixedRandom random;
    const Bytes box = boxed ? crypto::sealBox(crypto::boxKeyOf(boxSecret()), bytes, random) : bytesOf(bytes);
    const auto deposit = openDeposit(boxSecret(), box, kTerms, seller.publicKey());
    require(!deposit, "nobody can forge the seller's signature");
    require(!boxed || deposit.error() != BoxError::NotOurs, "our box opens");
}

static void alterTrue(fuzz::Choices choices) {
    static const auto phrase = keys::SeedPhrase::fromEntropy(Bytes(16, 3));
    static const auto seller = keys::Identity::fromSeed(*phrase.seed());
    static const auto other = crypto::SigningKey::fromSeed(Bytes(32, 9));
    const auto bytes = [&](std::size_t size) {
        SecretBytes secret(size);
        for (std::uint8_t& byte : secret.span()) byte = choices.byte();
        return secret;
    };
    DepositContent content;
    content.secrets.firstPassword = bytes(keys::kFirstPasswordSize);
    content.secrets.plainSalt = bytes(keys::kPlainSaltSize);
    content.fingerprintPart = bytes(keys::kFingerprintPartSize);
    test::FixedRandom random;
    Bytes box = sealDeposit(crypto::boxKeyOf(boxSecret()), kTerms, content, seller, random);
    const auto again = openDeposit(boxSecret(), box, kTerms, seller.key());
    require(again && again->secrets.firstPassword.equals(content.secrets.firstPassword.view()) &&
                again->secrets.plainSalt.equals(content.secrets.plainSalt.view()) &&
                again->fingerprintPart.equals(content.fingerprintPart.view()),
            "a deposit is opened as it was sealed");
    const auto foreign = openDeposit(boxSecret(), box, kTerms, other.publicKey());
    require(!foreign && foreign.error() == BoxError::WrongSignature, "it is this seller's");
    const std::size_t bit = choices.number() % (box.size() * 8);
    box[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    require(!openDeposit(boxSecret(), box, kTerms, seller.key()), "an altered box does not open");
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Choices choices({data, size});
    const std::uint8_t mode = choices.byte() % 3;
    if (mode == 2) {
        alterTrue(choices);
    } else {
        openAny(mode == 1, choices.rest());
    }
    return 0;
}
