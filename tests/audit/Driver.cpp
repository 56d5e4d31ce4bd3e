#include "tests/audit/Driver.h"

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

std::uint64_t digestOf(const Reply& reply, const std::vector<Bytes>& events) {
    std::uint64_t digest = 0xcbf29ce484222325u;
    mix(digest, encodeCbor(reply));
    for (const Bytes& event : events) mix(digest, event);
    return digest;
}

std::vector<Bytes> encoded(const std::vector<Event>& events) {
    std::vector<Bytes> all;
    for (const Event& event : events) all.push_back(encodeCbor(event.body));
    return all;
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

/// All commands again, from their bytes; `saves` times the engine is saved and goes on as loaded.
Run replayed(const std::vector<Written>& journal, unsigned saves) {
    Engine engine(Workload::config());
    Run run;
    std::vector<Event> events;
    for (std::size_t i = 0; i < journal.size(); ++i) {
        if (saves > 0 && i % (journal.size() / (saves + 1) + 1) == 0) engine = reloaded(engine);
        Command command = journal[i].command;
        CborReader reader(journal[i].body);
        command.body = readCbor<CommandBody>(reader);
        if (!reader.finish()) throw Violation{Invariant::BytesAreKnown, "a command cannot be read again"};
        events.clear();
        engine.beginBatch(journal[i].timeMs, events);
        const Reply reply = engine.apply(command, events);
        run.steps.push_back(digestOf(reply, encoded(events)));
    }
    run.state = textOf(engine.stateHash().view());
    return run;
}
} // namespace

Report runAudit(const Plan& plan) {
    Workload workload(plan.seed);
    Engine engine(Workload::config());
    Auditor auditor(encodeCbor(Workload::config()));
    Report report;
    std::vector<Written> journal;
    Run run;
    std::vector<Event> events;
    for (std::uint64_t number = 1; number <= plan.commands && !report.finding; ++number) {
        Command command = workload.next();
        Step step;
        step.command = encodeCbor(command.body);
        step.signer = textOf(command.signer.view());
        step.counter = command.counter;
        step.hash = textOf(command.hash.view());
        events.clear();
        engine.beginBatch(workload.nowMs(), events);
        const Reply reply = engine.apply(command, events);
        workload.heard(reply);
        step.refused = nameOf(reply.refused);
        step.value = reply.value;
        step.events = encoded(events);
        run.steps.push_back(digestOf(reply, step.events));
        for (const Event& event : events) report.trades += std::holds_alternative<TradePublished>(event.body) ? 1u : 0u;
        command.body = {};
        journal.push_back({workload.nowMs(), command, step.command});
        if (const auto violation = auditor.audit(step)) report.finding = {*violation, number};
    }
    report.answers = auditor.answers();
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
            violation = Auditor::compare(run, replayed(journal, again.saves), again.breaks);
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
