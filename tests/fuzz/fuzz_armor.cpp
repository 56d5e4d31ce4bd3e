// Armor: what is read is the only way to write it, but for white space around it and the ends of its lines; and
// whatever is written is read again.
#include "core/asset/AgeArmor.h"
#include "tests/fuzz/Fuzz.h"

#include <algorithm>

using namespace tallylock;
using namespace tallylock::asset;
using fuzz::require;

// Hands out a few bytes at a time, so that lines are cut anywhere.
namespace {
class DropSource final : public Source {
public:
    explicit DropSource(ByteView bytes) : m_rest(bytes) {}
    Result<std::size_t, SealError> read(std::span<std::uint8_t> out) override {
        const std::size_t size = std::min({out.size(), m_rest.size(), std::size_t{1} + m_turn++ % 70});
        std::copy_n(m_rest.begin(), size, out.begin());
        m_rest = m_rest.subspan(size);
        return size;
    }

private:
    ByteView m_rest;
    std::size_t m_turn = 0;
};
} // namespace

static Result<Bytes, SealError> everythingIn(Source& source) {
    Bytes all;
    Bytes part(100);
    for (;;) {
        const auto got = source.read(part);
        if (!got) return Err(got.error());
        if (*got == 0) return all;
        append(all, ByteView(part).first(*got));
    }
}

static Result<Bytes, SealError> dearmored(ByteView bytes) {
    DropSource drops(bytes);
    DearmoringSource source(drops);
    return everythingIn(source);
}

static Bytes armored(ByteView bytes) {
    BytesSink sink;
    ArmoringSink armor(sink);
    const std::size_t half = bytes.size() / 2;
    require(armor.write(bytes.first(half)) && armor.write(bytes.subspan(half)) && armor.finish(), "armor is written");
    return sink.take();
}

// Line feeds only, and no white space around.
static std::string plainForm(ByteView bytes) {
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const bool ends = bytes[i] == '\r' && i + 1 < bytes.size() && bytes[i + 1] == '\n';
        if (!ends) text.push_back(static_cast<char>(bytes[i]));
    }
    constexpr std::string_view kWhite = " \t\r\n\v\f";
    const std::size_t first = text.find_first_not_of(kWhite);
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(kWhite) - first + 1);
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    if (const auto bytes = dearmored(input)) {
        BytesSource whole(input);
        DearmoringSource source(whole);
        const auto again = everythingIn(source);
        require(again && *again == *bytes, "armor reads alike in drops and in one piece");
        const std::string form = plainForm(input);
        if (form.starts_with("-----BEGIN")) {
            require(plainForm(armored(*bytes)) == form, "armor can be written in one way only");
        } else {
            require(fuzz::same(*bytes, input), "what is no armor passes as it is");
        }
    }
    const auto back = dearmored(armored(input));
    require(back && fuzz::same(*back, input), "armor is read as it was written");
    return 0;
}
