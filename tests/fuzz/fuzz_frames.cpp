// What comes over a connection, in whatever pieces, and taken all at once or one by one: the same messages come out,
// and no more is kept than one message.
#include "core/net/Cutter.h"
#include "tests/fuzz/Fuzz.h"

#include <algorithm>
#include <vector>

using namespace tallylock;
using fuzz::require;

static constexpr std::size_t kMostBytes = 300;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Choices choices({data, size});
    const std::size_t first = choices.byte() + 1u;
    const std::size_t second = choices.byte() + 1u;
    const ByteView bytes = choices.rest();

    std::vector<Bytes> whole;
    net::Cutter atOnce(kMostBytes);
    const bool isSound = atOnce.feed(bytes, [&](ByteView message) {
        require(!message.empty() && message.size() <= kMostBytes, "a message has an allowed length");
        whole.push_back(bytesOf(message));
        return true;
    });

    std::vector<Bytes> pieces;
    net::Cutter inPieces(kMostBytes);
    bool goesOn = true;
    for (std::size_t at = 0, turn = 0; at < bytes.size() && goesOn; ++turn) {
        const std::size_t length = std::min(turn % 2 == 0 ? first : second, bytes.size() - at);
        goesOn = inPieces.feed(bytes.subspan(at, length), [&](ByteView message) {
            pieces.push_back(bytesOf(message));
            return true;
        });
        require(inPieces.kept() <= net::Cutter::kLengthBytes + kMostBytes, "what is kept is bounded");
        at += length;
    }
    require(goesOn == isSound, "pieces change nothing about what is sound");
    require(pieces == whole, "the same messages come out");
    std::vector<Bytes> single;
    net::Cutter oneByOne(kMostBytes);
    bool goesOnSingly = oneByOne.feed(bytes, [&](ByteView message) {
        single.push_back(bytesOf(message));
        return false;
    });
    for (std::size_t before = SIZE_MAX; goesOnSingly && oneByOne.kept() < before;) {
        before = oneByOne.kept();
        goesOnSingly = oneByOne.feed({}, [&](ByteView message) {
            single.push_back(bytesOf(message));
            return false;
        });
    }
    require(single == whole && goesOnSingly == isSound, "taken one by one they are the same");
    std::size_t used = 0;
    for (const Bytes& message : whole) used += net::Cutter::kLengthBytes + message.size();
    if (isSound) require(used + atOnce.kept() == bytes.size(), "every byte is used or kept");
    return 0;
}
