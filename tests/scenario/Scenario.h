// A node of its own in a temporary folder, with people who ask through core/api alone.
#pragma once

#include "app/embedded/AppNode.h"
#include "app/servers/EventLoop.h"

#ifdef TALLYLOCK_OVER_TLS
#include "tests/support/Cluster.h"
#endif

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

namespace tallylock::scenario {

using api::Amount;
using api::Answer;
using api::Problem;
using SessionPtr = std::shared_ptr<api::Session>;

inline Amount dollars(std::int64_t cents) { return {money::Int128{cents} * 1'000'000, money::kUsd}; }
inline Amount coins(std::int64_t satoshi) { return {satoshi, money::kBtc}; }

class Scenario {
public:
    bool start() {
        app::NodeOptions options;
        options.folder = (folder.path() + QStringLiteral("/node")).toStdString();
        options.executor = loop.executor();
        options.practiceBlockMs = 30;
#ifdef TALLYLOCK_OVER_TLS
        if (!cluster) {
            cluster = std::make_unique<test::Cluster>();
#ifdef TALLYLOCK_OVER_POSTGRES
            database = std::make_unique<test::PostgresServer>();
            database->make();
            database->start();
            cluster->coordinator.more += test::postgresTable(*database, false);
#endif
            if (!cluster->start()) return false;
        }
        options.coordinator = cluster->row();
#endif
        auto started = app::AppNode::start(std::move(options));
        if (!started) {
            qWarning("the node does not start: %s %s", nameOf(started.error().problem), started.error().detail.c_str());
            return false;
        }
        node = std::move(*started);
        return true;
    }

    SessionPtr person(const std::string& name) {
        const auto profiles = node->profiles();
        const bool known = std::any_of(profiles.begin(), profiles.end(), [&](const auto& p) { return p.name == name; });
        auto answer = loop.ask<SessionPtr>([&](api::Done<SessionPtr> done) {
            auto passphrase = SecretBytes::copyOf(viewOf("a passphrase for tests"));
            if (known) {
                node->openProfile(name, std::move(passphrase), std::move(done));
            } else {
                node->createProfile(name, node->newPhrase(12), std::move(passphrase), std::move(done));
            }
        });
        return answer ? *answer : nullptr;
    }

    template <class T, class Question>
    Answer<T> ask(Question question) {
        return loop.ask<T>(std::move(question));
    }
    /// Asks again and again until it holds.
    template <class Predicate>
    bool eventually(Predicate predicate, std::int64_t timeoutMs = 30'000) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeoutMs);
        while (!predicate()) {
            if (std::chrono::steady_clock::now() > end) return false;
            loop.runFor(10);
        }
        return true;
    }

    Answer<api::SaleDetail> sale(const SessionPtr& who, SaleId id) {
        return ask<api::SaleDetail>([&](auto done) { who->sale(id, done); });
    }
    std::vector<api::ReceiptRow> receipts(const SessionPtr& who, SaleId id) {
        auto rows = ask<std::vector<api::ReceiptRow>>([&](auto done) { who->receipts(id, done); });
        return rows ? *rows : std::vector<api::ReceiptRow>();
    }
    /// Waits for the receipt of a step, and for the sale's row that follows it in the stream. A second one of B8 proves
    /// the delivery.
    std::optional<api::ReceiptRow> receiptOf(const SessionPtr& who, SaleId id, int step, std::size_t which = 0) {
        std::optional<api::ReceiptRow> found;
        eventually([&] {
            std::size_t seen = 0;
            for (const api::ReceiptRow& row : receipts(who, id)) {
                if (row.step == step && seen++ == which) found = row;
            }
            if (!found) return false;
            const auto now = sale(who, id);
            return now && now->row.step >= step;
        });
        return found;
    }
    Amount available(const SessionPtr& who, api::UnitId unit) {
        const auto rows = ask<std::vector<api::BalanceRow>>([&](auto done) { who->balances(done); });
        if (rows) {
            for (const api::BalanceRow& row : *rows) {
                if (row.unit == unit) return row.available;
            }
        }
        return {0, unit};
    }
    Amount held(const SessionPtr& who, api::UnitId unit) {
        const auto rows = ask<std::vector<api::BalanceRow>>([&](auto done) { who->balances(done); });
        if (rows) {
            for (const api::BalanceRow& row : *rows) {
                if (row.unit == unit) return row.held;
            }
        }
        return {0, unit};
    }
    bool sumsToZero() {
        const auto rows = ask<std::vector<api::TrialBalanceRow>>([&](auto done) { node->trialBalance(done); });
        if (!rows) return false; // no rows: no money yet
        return std::all_of(rows->begin(), rows->end(), [](const auto& row) { return row.sum.isZero(); });
    }

    std::string makeFile(const QString& name, const QByteArray& content) {
        QFile file(folder.path() + QLatin1Char('/') + name);
        if (!file.open(QIODevice::WriteOnly)) return {};
        file.write(content);
        return file.fileName().toStdString();
    }

    QTemporaryDir folder;
#ifdef TALLYLOCK_OVER_TLS
    std::unique_ptr<test::PostgresServer> database; ///< the coordinator's journals, if not in its folder
    std::unique_ptr<test::Cluster> cluster;         ///< the servers, as processes of their own
#endif
    app::EventLoop loop;
    std::unique_ptr<app::AppNode> node;
};

/// The sum of the legs of a receipt or instruction on accounts whose name has this word.
inline money::Int128 movedOn(const std::vector<api::MoneyLeg>& legs, std::string_view word, api::UnitId unit) {
    money::Int128 sum = 0;
    for (const api::MoneyLeg& leg : legs) {
        if (leg.delta.unit == unit && leg.account.find(word) != std::string::npos) sum += leg.delta.value;
    }
    return sum;
}

} // namespace tallylock::scenario
