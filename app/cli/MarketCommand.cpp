#include "app/cli/MarketCommand.h"

#include "app/cli/MarketReplay.h"

#include <charconv>
#include <memory>

namespace tallylock::cli {

namespace {
constexpr std::pair<std::string_view, market::SelfTrade> kRules[] = {
    {"none", market::SelfTrade::Allow},
    {"newest", market::SelfTrade::CancelNewest},
    {"oldest", market::SelfTrade::CancelOldest},
    {"both", market::SelfTrade::CancelBoth},
};

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

/// False after saying what was wrong.
bool readBasisPoints(const Options& options, char letter, std::uint32_t& to) {
    for (const std::string& text : options.values(letter)) {
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), to);
        if (error != std::errc() || end != text.data() + text.size() || to > money::kBasisPointsInOne) {
            fail("a fee is a whole number of basis points, 0 to 10000, not " + text);
            return false;
        }
    }
    return true;
}
} // namespace

int runMarket(const Arguments& arguments) {
    const auto options = Options::parse(arguments, {{'t', "tick"},
                                                    {'l', "lot"},
                                                    {'b', "base"},
                                                    {'q', "quote"},
                                                    {'m', "maker-bp"},
                                                    {'k', "taker-bp"},
                                                    {'s', "stp"},
                                                    {'f', "funds"}});
    if (!options) return kFailed;
    if (options->rest() != std::vector<std::string>{"replay"}) return fail("market does one thing: replay");
    ReplaySettings settings;
    for (const auto& [letter, to] :
         {std::pair{'t', &settings.tick}, {'l', &settings.lot}, {'b', &settings.base}, {'q', &settings.quote}}) {
        for (const std::string& value : options->values(letter)) *to = value;
    }
    if (!readBasisPoints(*options, 'm', settings.makerBasisPoints) ||
        !readBasisPoints(*options, 'k', settings.takerBasisPoints)) {
        return kFailed;
    }
    for (const std::string& value : options->values('s')) {
        const auto rule =
            std::find_if(std::begin(kRules), std::end(kRules), [&](const auto& one) { return one.first == value; });
        if (rule == std::end(kRules)) return fail("--stp is none, newest, oldest or both, not " + value);
        settings.selfTrade = rule->second;
    }
    auto replay = MarketReplay::make(settings, stdout);
    if (!replay) return fail(replay.error());
    for (const std::string& path : options->values('f')) {
        const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "re"));
        if (!file) return fail("cannot read " + path);
        const auto funds = readFunds(file.get());
        if (!funds) return fail(path + ": " + funds.error());
        (*replay)->fund(*funds);
    }
    const std::string trouble = (*replay)->run(stdin);
    return trouble.empty() ? kDone : fail(trouble);
}

} // namespace tallylock::cli
