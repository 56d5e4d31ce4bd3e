// Tracking marks. The first byte chooses: a mark, its text form, the end of a file, or a mark to which we give owners
// and signatures, so that the checks behind the signature are reached.
#include "core/asset/Mark.h"
#include "tests/fuzz/Fuzz.h"

using namespace tallylock;
using namespace tallylock::asset;
using fuzz::require;

static void readAny(ByteView bytes) {
    const auto mark = readMark(bytes);
    if (!mark) return;
    require(bytes.size() <= kMaxMarkSize, "a mark is bounded");
    require(fuzz::same(encodeCbor(*mark), bytes), "a mark is written as it was read");
    const auto owner = custody::checkCustody(mark->statement.custody, mark->statement.assetId);
    require(owner && *owner == mark->owner(), "its chain of custody is sound");
    require(crypto::verify(mark->owner(), "mark", mark->statement, mark->signature), "its owner signed it");
}

static void readText(ByteView bytes) {
    const std::string text = textOf(bytes);
    if (const auto mark = markOfText(text)) require(markText(*mark) == text, "a text form can be written in one way");
}

static void findAny(ByteView tail) {
    const auto found = findMarkBlock(tail);
    if (!found || !*found) return;
    const FoundBlock& block = found->value();
    require(block.size + block.after <= tail.size(), "a block is within the file");
    const ByteView there = tail.subspan(tail.size() - block.after - block.size, block.size);
    require(fuzz::same(markBlock(block.mark), there), "a block is written as it was found");
    readAny(block.mark);
}

static void signAndRead(fuzz::Choices choices) {
    static const auto creator = crypto::SigningKey::fromSeed(Bytes(32, 1));
    static const auto buyer = crypto::SigningKey::fromSeed(Bytes(32, 2));
    Hash asset;
    asset.bytes.fill(choices.byte());
    const auto contract = Hash::from(Bytes(32, choices.byte()));
    const std::int64_t timeMs = static_cast<std::int64_t>(choices.number());
    std::vector<custody::SignedCustody> chain = {custody::beginCustody(creator, asset, timeMs)};
    const bool sold = choices.byte() % 2 == 1;
    if (sold) chain.push_back(custody::passCustody(creator, chain, buyer.publicKey(), *contract, timeMs + 1));
    auto mark = makeMark(sold ? buyer : creator, chain, timeMs + 2);
    require(mark.ok(), "a mark can be made");
    if (choices.byte() % 2 == 1) mark = withCopyNote(std::move(*mark), buyer, *contract, timeMs + 3);
    Bytes bytes = encodeCbor(*mark);
    const auto again = readMark(bytes);
    require(again && *again == *mark, "a mark is read as it was made");
    const std::size_t bit = choices.number() % (bytes.size() * 8);
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    require(!readMark(bytes), "every bit of a mark is signed");
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Choices choices({data, size});
    switch (choices.byte() % 4) {
    case 0: readAny(choices.rest()); break;
    case 1: readText(choices.rest()); break;
    case 2: findAny(choices.rest()); break;
    default: signAndRead(choices);
    }
    return 0;
}
