// The CBOR reader: whatever it reads, as loose items or as a struct, is written again to the same bytes.
#include "core/base/CborFields.h"
#include "tests/fuzz/Fuzz.h"

using namespace tallylock;
using fuzz::require;

namespace {
constexpr int kMaxDepth = 100;

// Pulls any item and writes it to `out`.
void copyItem(ByteView input, CborReader& reader, CborWriter& out, int depth) {
    if (!reader.ok()) return;
    if (reader.remaining() == 0 || depth == kMaxDepth) {
        reader.fail(CborError::Truncated);
        return;
    }
    switch (input[input.size() - reader.remaining()] >> 5) {
    case 0: out.unsignedInt(reader.unsignedInt()); break;
    case 1: out.signedInt(reader.signedInt()); break;
    case 2: out.byteString(reader.byteString(kMaxCborBytes)); break;
    case 3: out.text(reader.text(kMaxCborText)); break;
    case 4: {
        const std::uint64_t count = reader.array(kMaxCborElements);
        require(count <= reader.remaining(), "an array is not longer than the input");
        out.array(count);
        for (std::uint64_t i = 0; i < count && reader.ok(); ++i) copyItem(input, reader, out, depth + 1);
        break;
    }
    case 5: {
        const std::uint64_t count = reader.map(kMaxCborElements);
        require(count <= reader.remaining(), "a map is not longer than the input");
        out.map(count);
        std::uint64_t key = 0;
        for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
            key = reader.key(key, i == 0);
            out.unsignedInt(key);
            copyItem(input, reader, out, depth + 1);
        }
        break;
    }
    default: out.boolean(reader.boolean());
    }
}

enum class Kind : std::uint8_t { One, Two, Three, kCount };
struct Leaf {
    static constexpr std::uint64_t kType = 7;
    std::uint64_t number = 0;
    static constexpr void fields(auto use) { use(field(1, &Leaf::number)); }
};
struct Nothing {
    static constexpr std::uint64_t kType = 300;
    static constexpr void fields(auto use) { use(); }
};
struct Everything {
    std::int64_t number = 0;
    std::optional<std::string> text;
    std::int8_t small = 0;
    Bytes bytes;
    Kind kind = Kind::One;
    std::vector<Leaf> leaves;
    std::variant<Leaf, Nothing> either;
    std::optional<bool> truth;
    std::optional<Fixed<4, struct FuzzMeaning>> fixed;
    static constexpr void fields(auto use) {
        using E = Everything;
        use(field(1, &E::number), field(2, &E::text), field(3, &E::small), field(4, &E::bytes), field(6, &E::kind),
            field(7, &E::leaves), field(24, &E::either), field(40, &E::truth), field(300, &E::fixed));
    }
};
} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    CborReader reader(input);
    CborWriter out;
    copyItem(input, reader, out, 0);
    if (reader.finish()) {
        require(fuzz::same(out.bytes(), input), "items are written as they were read");
    } else {
        require(reader.unsignedInt() == 0 && reader.text(10).empty() && reader.byteString(10).empty(),
                "a failure sticks");
    }
    if (const auto everything = decodeCbor<Everything>(input)) {
        require(fuzz::same(encodeCbor(*everything), input), "a struct is written as it was read");
    }
    return 0;
}
