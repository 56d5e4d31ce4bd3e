#include "tests/audit/Driver.h"

#include "tests/audit/Told.h"
#include "tests/audit/Workload.h"

namespace tallylock::audit {

namespace {
using namespace tallylock::engine;

/// A command as a journal keeps it.
struct Written {
    std::int64_t timeMs = 0;
    Command command; // without its body
    Bytes body;
};

std::string textOf(ByteView view) { return {view.begin(), view.end()}; }

void mix(std::uint64_t& digest, const Bytes& bytes) {
    for (const std::uint8_t byte : bytes) digest = (digest ^ byte) * 0x100000001b3u; // FNV-1a
}

std::uint64_t digestOf(const Reply& reply, const std::vector<Told>& fired, const std::vector<Told>& events) {
    std::uint64_t digest = 0xcbf29ce484222325u;
    mix(digest, encodeCbor(reply));
    for (const auto* list : {&fired, &events}) {
        for (const Told& one : *list) mix(digest, one.event);
    }
    return digest;
}

Engine reloaded(const Engine& engine) {
    CborWriter writer;
    engine.save(writer);
    CborReader reader(writer.bytes());
    auto loaded = Engine::load(reader);
    if (!loaded || !reader.finish()) throw Violation{Invariant::SavingChangesNothing, "what was saved does not load"};
    if (loaded->stateHash() != engine.stateHash()) {
        throw Violation{Invariant::SavingChangesNothing, "what was loaded is another state"};
    }
    return std::move(*loaded);
}

struct Taken {
    Reply reply;
    std::vector<Told> fired;
    std::vector<Told> made;
    std::vector<Event> events; ///< what is made
};
/// What comes of the time, and then of the command.
Taken taken(Engine& engine, std::int64_t timeMs, const Command& command) {
    std::vector<Event> fired;
    std::vector<Event> made;
    engine.beginBatch(timeMs, fired);
    const Reply reply = engine.apply(command, made);
    complete(made);
    return {reply, told(fired), told(made), std::move(made)};
}

/// All commands again, from their bytes; `saves` times the engine is saved and goes on as loaded.
Run replayed(const Config& config, const std::vector<Written>& journal, unsigned saves) {
    Engine engine(config);
    Run run;
    for (std::size_t i = 0; i < journal.size(); ++i) {
        if (saves > 0 && i % (journal.size() / (saves + 1) + 1) == 0) engine = reloaded(engine);
        Command command = journal[i].command;
        CborReader reader(journal[i].body);
        command.body = readCbor<CommandBody>(reader);
        if (!reader.finish()) throw Violation{Invariant::BytesAreKnown, "a command cannot be read again"};
        const Taken came = taken(engine, journal[i].timeMs, command);
        run.steps.push_back(digestOf(came.reply, came.fired, came.made));
    }
    run.state = textOf(engine.stateHash().view());
    return run;
}
} // namespace

Report runAudit(const Plan& plan) {
    Workload workload(plan.seed, plan.practice);
    const Config config = workload.config();
    Engine engine(config);
    Auditor auditor(encodeCbor(config));
    Report report;
    std::vector<Written> journal;
    Run run;
    for (std::uint64_t number = 1; number <= plan.commands && !report.finding; ++number) {
        Command command = workload.next();
        Step step;
        step.timeMs = workload.nowMs();
        step.command = encodeCbor(command.body);
        step.signer = textOf(command.signer.view());
        step.counter = command.counter;
        step.hash = textOf(command.hash.view());
        Taken came = taken(engine, step.timeMs, command);
        workload.heard(came.reply, came.events);
        step.refused = nameOf(came.reply.refused);
        step.value = came.reply.value;
        run.steps.push_back(digestOf(came.reply, came.fired, came.made));
        step.fired = std::move(came.fired);
        step.events = std::move(came.made);
        command.body = {};
        journal.push_back({workload.nowMs(), command, step.command});
        if (const auto violation = auditor.audit(step)) report.finding = {*violation, number};
    }
    report.answers = auditor.answers();
    report.trades = auditor.trades();
    report.openOrders = auditor.books().openOrders();
    if (report.finding) return report;

    run.state = textOf(engine.stateHash().view());
    const struct {
        unsigned saves;
        Invariant breaks;
    } kAgain[] = {{0, Invariant::ReplayIsTheSame}, {3, Invariant::SavingChangesNothing}};
    for (const auto& again : kAgain) {
        std::optional<Violation> violation;
        try {
            violation = Auditor::compare(run, replayed(config, journal, again.saves), again.breaks);
        } catch (const Violation& thrown) {
            violation = thrown;
        }
        if (violation) {
            report.finding = {*violation, 0};
            break;
        }
    }
    return report;
}

} // namespace tallylock::audit
