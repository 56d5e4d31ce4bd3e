#include "app/cli/DemoCommand.h"

#include "app/cli/OpenProfile.h"
#include "app/cli/Report.h"
#include "app/cli/SkippingClock.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace tallylock::cli {

namespace fs = std::filesystem;

namespace {
/// The demo's own file: two portions and a bit, the same on every machine.
bool makeSample(const fs::path& path) {
    if (fs::exists(path)) return true;
    const fs::path temporary = path.string() + ".part";
    {
        std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
        std::uint32_t state = 1;
        for (int line = 0; line < 60'000; ++line) {
            state = state * 1664525u + 1013904223u;
            out << "observation " << line << ": " << (state >> 8) << " of 16777216\n";
        }
        if (!out.flush()) return false;
    }
    std::error_code error;
    fs::rename(temporary, path, error);
    return !error;
}

bool sameContent(const fs::path& one, const fs::path& other) {
    std::ifstream a(one, std::ios::binary);
    std::ifstream b(other, std::ios::binary);
    if (!a || !b) return false;
    char left[65536];
    char right[65536];
    do {
        a.read(left, sizeof left);
        b.read(right, sizeof right);
        if (a.gcount() != b.gcount() || !std::equal(left, left + a.gcount(), right)) return false;
    } while (a.gcount() > 0);
    return true;
}

std::string defaultFolder() {
    const char* base = std::getenv("TMPDIR");
    std::string pattern = std::string(base && *base ? base : "/tmp") + "/tallylock-demo-XXXXXX";
    return mkdtemp(pattern.data()) ? pattern : std::string();
}

/// By SaleTale.
constexpr const char* kStories[] = {"sale",        "bargain",   "void",      "refund",   "dispute",
                                    "undelivered", "rekeying",  "keylost",   "requoted", "early",
                                    "onechannel",  "ownership", "converted", "unsold"};
constexpr std::int64_t kPastMs = 1'000; // behind a deadline
constexpr const char* kNotZero = "the trial balance is not zero";

/// Away from the folders of the store and of the seller's app, or back.
void moveSealed(const fs::path& folder, bool away) {
    const fs::path node = folder / "node";
    const std::pair<fs::path, fs::path> kPlaces[] = {
        {node / "coordinator" / "files", folder / "lost" / "store"},
        {node / "profiles" / "seller" / "sealed", folder / "lost" / "app"}};
    try {
        for (const auto& [home, lost] : kPlaces) {
            fs::create_directories(lost);
            for (const auto& entry : fs::directory_iterator(away ? home : lost))
                fs::rename(entry.path(), (away ? lost : home) / entry.path().filename());
        }
    } catch (const fs::filesystem_error& error) {
        throw StoryFailed{error.what()};
    }
}

int tellUnsold(Story& story, const SalePlan& plan) {
    const SessionPtr seller = story.person("seller");
    tellListing(story, seller, story.person("buyer"), plan);
    const TradePeople people{story.person("fund"), story.person("trader"), seller};
    tellTrade(story, people);
    reportTrade(story, people);
    return reportNode(story) ? kDone : fail(kNotZero);
}

int tell(Story& story, const SalePlan& plan) {
    if (plan.tale == SaleTale::Unsold) return tellUnsold(story, plan);
    const SessionPtr seller = story.person("seller");
    const SessionPtr buyer = story.person("buyer");
    const bool tradesFirst = plan.tale == SaleTale::Converted; // it takes somebody who bids
    SaleOutcome sale;
    if (!tradesFirst) sale = tellSale(story, seller, buyer, plan);
    const TradePeople people{story.person("fund"), story.person("trader"), seller};
    tellTrade(story, people);
    if (tradesFirst) {
        tellBid(story, people);
        sale = tellSale(story, seller, buyer, plan);
    }
    if (sale.hasBroughtCoins) tellCoins(story, people, buyer, sale.sale);

    reportSale(story, buyer, sale.sale);
    reportTrade(story, people);
    if (sale.hasBroughtCoins) reportCoins(story, people);
    if (!reportNode(story)) return fail(kNotZero);
    if (sale.openedPath.empty()) {
        std::printf("Nothing was opened.\n");
        return kDone;
    }
    const bool same = sameContent(plan.path, sale.openedPath);
    std::printf("Opened file: %s, %s the original\n", sale.openedPath.c_str(), same ? "equal to" : "DIFFERENT from");
    return same ? kDone : fail("the opened file differs from the original");
}
} // namespace

int runDemo(const Arguments& arguments) {
    const auto options = Options::parse(arguments, {{'d', "data"}, {'s', "story"}});
    if (!options) return kFailed;
    const auto stories = options->values('s');
    const auto which = stories.empty() ? std::optional<std::size_t>(0) : placeAmong(kStories, stories.back());
    if (!which)
        return fail("the stories are sale, bargain, void, refund, dispute, undelivered, rekeying, keylost, requoted, "
                    "early, onechannel, ownership, converted and unsold, not " +
                    stories.back());
    if (options->rest().size() > 1) return fail("demo takes one file at most");
    const auto data = options->values('d');
    const std::string folder = data.empty() ? defaultFolder() : data.back();
    if (folder.empty()) return fail("cannot make a temporary folder; name one with --data DIR");
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return fail("cannot make " + folder + ": " + error.message());
    fs::path original = options->rest().empty() ? fs::path(folder) / "sample.txt" : fs::path(options->rest().front());
    if (options->rest().empty() && !makeSample(original)) return fail("cannot write " + original.string());
    if (!fs::is_regular_file(original)) return fail("no such file: " + original.string());
    original = fs::absolute(original);
    std::printf("Practice: nothing here is worth anything. Folder: %s\n", folder.c_str());

    // Of the process: sessions and threads may outlive the node.
    static auto* const clock = new SkippingClock(fs::path(folder) / "skipped");
    app::EventLoop loop;
    app::NodeOptions settings;
    settings.folder = fs::path(folder) / "node";
    settings.executor = loop.executor();
    settings.practiceBlockMs = 20;
    settings.clock = clock;
    settings.skipsTime = true;
    settings.vaultCost = {1, 1024}; // the demo's passphrase is in its source, so stretching it guards nothing
    const auto tale = static_cast<SaleTale>(*which);
    if (tale == SaleTale::Rekeying) settings.silence = app::Silence::KeyServer;
    if (tale == SaleTale::KeyLost) settings.silence = app::Silence::BothKeyServers;
    auto node = app::AppNode::start(settings);
    if (!node) return refused(node.error());
    try {
        Story story(loop, **node);
        const auto waitUntil = [](std::int64_t timeMs) {
            const std::int64_t missingMs = timeMs - clock->wallMs();
            if (missingMs >= 0 && !clock->skip(missingMs + kPastMs))
                throw StoryFailed{"cannot keep the time that was skipped"};
        };
        const auto loseFile = [&](bool away) { moveSealed(folder, away); };
        return tell(story, {tale, original.string(), (fs::path(folder) / "opened").string(), waitUntil, loseFile});
    } catch (const StoryFailed& failure) {
        return fail(failure.message);
    }
}

} // namespace tallylock::cli
