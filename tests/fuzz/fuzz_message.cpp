// What comes over a link: requests, answers, events, envelopes and batches. What decodes is encoded again to the same
// bytes, and an envelope that opens is the one that was signed.
#include "core/wire/Batch.h"
#include "core/wire/Connection.h"
#include "core/wire/Frames.h"
#include "tests/fuzz/Fuzz.h"

using namespace tallylock;
using namespace tallylock::wire;
using fuzz::require;

template <class T>
static void roundTrip(ByteView bytes) {
    if (const auto message = decodeCbor<T>(bytes)) {
        require(fuzz::same(encodeCbor(*message), bytes), "a message is written as it was read");
    }
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Choices choices({data, size});
    const std::uint8_t mode = choices.byte();
    const ByteView bytes = choices.rest();
    switch (mode % 10) {
    case 0: roundTrip<Request>(bytes); break;
    case 1: roundTrip<Answer>(bytes); break;
    case 2: roundTrip<engine::CommandBody>(bytes); break;
    case 3: roundTrip<engine::EventBody>(bytes); break;
    case 4: roundTrip<StreamItem>(bytes); break;
    case 5: roundTrip<Batch>(bytes); break;
    case 6: roundTrip<Genesis>(bytes); break;
    case 8: roundTrip<ToServer>(bytes); break;
    case 9: roundTrip<ToClient>(bytes); break;
    default: {
        const auto opened = openCommand(bytes);
        const auto read = readCommand(bytes);
        require(!opened || read, "what opens can be read");
        require(!read || bytes.size() <= kMaxEnvelopeSize, "an envelope is bounded");
    }
    }
    return 0;
}
