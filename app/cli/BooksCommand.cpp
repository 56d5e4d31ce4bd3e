#include "app/cli/BooksCommand.h"

#include "app/cli/CoordinatorFolder.h"
#include "app/cli/OperatorCommand.h"
#include "app/operator/OperatorDesk.h"
#include "core/keys/PrivateFile.h"
#include "core/ledger/Ledger.h"
#include "core/money/Unit.h"
#include "core/rails/practice/PracticeWorld.h"
#include "core/store/SqliteJournal.h"

#include <cstdio>

namespace tallylock::cli {

namespace {
constexpr std::size_t kMostSeedBytes = 64;

/// What a replay collects for the acts below.
struct Replayed {
    host::Recovered state;
    std::map<HolderId, std::string> names;
    std::vector<engine::StatementLine> lines;
};

Result<Replayed, std::string> replayed(CoordinatorFolder& folder) {
    std::map<HolderId, std::string> names;
    std::vector<engine::StatementLine> lines;
    auto state = folder.replay([&](const wire::Batch&, const host::Applied& applied) {
        for (const ports::Projected& part : applied.projected) {
            for (const engine::Event& event : part.events) {
                if (const auto* known = std::get_if<engine::HolderRegistered>(&event.body)) {
                    names[known->holder] = known->name;
                } else if (const auto* line = std::get_if<engine::StatementLine>(&event.body)) {
                    lines.push_back(*line);
                }
            }
        }
    });
    if (!state) return Err(state.error());
    return Replayed{std::move(*state), std::move(names), std::move(lines)};
}

int printTrial(const Replayed& books) {
    if (!books.state.engine.ledger().checkSums()) return fail("the ledger does not sum to zero");
    const int shown = show(app::trialOf(app::ledgerRowsOf(books.state.engine.ledger())));
    if (shown == kDone) std::printf("command %llu\n", static_cast<unsigned long long>(books.state.position.sequence));
    return shown;
}

/// By the account's number, or by its name where only one has it.
std::optional<HolderId> accountNamed(const Replayed& books, const std::string& text) {
    if (const auto number = numberFrom(text))
        return books.names.contains(HolderId{*number}) ? std::optional(HolderId{*number}) : std::nullopt;
    std::optional<HolderId> found;
    for (const auto& [holder, name] : books.names) {
        if (name != text) continue;
        if (found) return std::nullopt;
        found = holder;
    }
    return found;
}

int printStatement(const Replayed& books, const std::string& account, const std::string& code) {
    const auto holder = accountNamed(books, account);
    if (!holder) return fail("no account, or more than one, is called " + account);
    const money::Unit* unit = money::findUnit(code);
    if (!unit) return fail("no such unit: " + code);
    std::vector<api::StatementRow> rows;
    for (const engine::StatementLine& line : books.lines) {
        if (line.holder == *holder && line.delta.unit == unit->id)
            rows.push_back({line.entry, line.timeMs, line.reason, line.delta, line.balance});
    }
    return show(app::statementOf(rows));
}

int printReconciliation(const Replayed& books, const std::filesystem::path& folder) {
    auto seed = keys::readFile((folder / "practice-seed").string(), kMostSeedBytes);
    if (!seed) return fail("the practice world's seed: " + std::string(keys::nameOf(seed.error())));
    SystemClock clock;
    auto world = rails::PracticeWorld::start(
        {toHex(*seed), [&] { return store::SqliteJournal::open((folder / "practice.sqlite").string()); }, clock, 0});
    if (!world) return fail("the practice world: " + world.error().detail);
    const auto reconciled = host::reconcile(host::insideOf(books.state.engine),
                                            {host::holdingOf((*world)->chain()), host::holdingOf((*world)->bank())});
    return show(app::reconciliationOf(app::rowsOf(reconciled)));
}
} // namespace

int runBooks(const Arguments& arguments) {
    // Of a node that nobody runs the journal tells all, without starting one.
    // What changes them takes a node at work.
    const bool changes = arguments.size() > 1 && arguments[1] == "assign";
    if (arguments.empty() || changes || !std::filesystem::is_directory(arguments[0] + "/coordinator"))
        return runOperator(app::kBooks, arguments);
    std::string wrong;
    const app::Act* act = app::actIn(app::kBooks, {arguments.begin() + 1, arguments.end()}, wrong);
    if (!act) return fail(wrong);
    auto folder = CoordinatorFolder::open(arguments[0]);
    if (!folder) return fail(folder.error());
    const auto books = replayed(*folder);
    if (!books) return fail(books.error());
    const std::string name = act->name;
    if (name == "trial") return printTrial(*books);
    if (name == "suspense") return show(app::suspenseOf(app::suspenseOf(books->state.engine.treasury())));
    if (name == "statement") return printStatement(*books, arguments[2], arguments[3]);
    return printReconciliation(*books, folder->path());
}

} // namespace tallylock::cli
