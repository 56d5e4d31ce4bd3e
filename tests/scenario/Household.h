// An embedded node with a seller and a buyer, driven through core/api as their apps would, and restarted at will.
#pragma once

#include "app/embedded/AppNode.h"
#include "app/servers/EventLoop.h"

#include <QFile>
#include <QTemporaryDir>

#include <set>

namespace tallylock::test {

using api::SaleState;

inline SecretBytes secret(std::string_view text) { return SecretBytes::copyOf(viewOf(text)); }
inline money::Amount dollars(std::int64_t whole) { return {whole * money::powerOfTen(8), money::kUsd}; }

class Household {
public:
    using SessionPointer = std::shared_ptr<api::Session>;
    QTemporaryDir folder;
    app::EventLoop loop;
    std::unique_ptr<app::AppNode> node;
    SessionPointer seller;
    SessionPointer buyer;
    QByteArray content;
    bool mark = false;                              ///< the seller marks what is sold
    Clock* clock = nullptr;                         ///< nothing: the system's. It outlives the household
    std::optional<api::CoordinatorRow> coordinator; ///< somebody else's; none: in this process
    api::Executor executor;                         ///< nothing: this one's loop
    std::function<void()> beforePaying;
    std::set<SaleState> seen; ///< states that the buyer has been shown
    std::string trouble;      ///< what a step was refused with, for a failing test's message

    Household() {
        for (int i = 0; i < 300'000; ++i) content.append(static_cast<char>(i * 7 + i / 256));
        QFile file(assetPath());
        if (file.open(QIODevice::WriteOnly)) file.write(content);
    }
    ~Household() { stop(); }

    QString assetPath() const { return folder.filePath(QStringLiteral("asset.bin")); }
    QString openedPath() const { return folder.filePath(QStringLiteral("opened.bin")); }

    api::Answer<void> start() {
        app::NodeOptions options;
        options.folder = nodeFolder();
        options.executor = executor ? executor : loop.executor();
        options.practiceBlockMs = 10;
        options.vaultCost = {1, 64};
        options.mediaProgram = TALLYLOCK_BIN_DIR "/tallylock-media";
        options.clock = clock;
        options.skipsTime = clock != nullptr;
        options.coordinator = coordinator;
        auto started = app::AppNode::start(std::move(options));
        if (!started) return Err(started.error());
        node = std::move(*started);
        return {};
    }
    std::string nodeFolder() const { return folder.filePath(QStringLiteral("node")).toStdString(); }
    void stop() {
        seller.reset();
        buyer.reset();
        loop.runFor(0);
        node.reset();
    }
    api::Answer<SessionPointer> create(const std::string& name, SecretBytes phrase, std::string_view passphrase) {
        return loop.ask<SessionPointer>(
            [&](auto done) { node->createProfile(name, std::move(phrase), secret(passphrase), std::move(done)); });
    }
    api::Answer<SessionPointer> open(const std::string& name, std::string_view passphrase) {
        return loop.ask<SessionPointer>(
            [&](auto done) { node->openProfile(name, secret(passphrase), std::move(done)); });
    }
    bool begin() {
        if (!start()) return false;
        auto one = create("seller", node->newPhrase(12), "seller's passphrase");
        auto two = create("buyer", node->newPhrase(24), "buyer's passphrase");
        if (!one || !two) return false;
        seller = *one;
        buyer = *two;
        return true;
    }
    bool restart() {
        stop();
        if (const auto started = start(); !started) return note(started.error());
        auto one = open("seller", "seller's passphrase");
        auto two = open("buyer", "buyer's passphrase");
        if (!one || !two) return note(!one ? one.error() : two.error());
        seller = *one;
        buyer = *two;
        return true;
    }

    template <class T, class F>
    std::optional<T> get(F question) {
        auto answer = loop.ask<T>(question);
        if (!answer) {
            note(answer.error());
            return std::nullopt;
        }
        return std::move(*answer);
    }
    std::vector<api::SaleRow> salesOf(const SessionPointer& session) {
        return get<std::vector<api::SaleRow>>([&](auto done) { session->sales(done); })
            .value_or(std::vector<api::SaleRow>());
    }

    /// One look at everything that a person would do next. Safe to repeat at any state.
    void nudge() {
        const auto listings = get<std::vector<api::ListingRow>>([&](auto done) { buyer->listings(done); });
        const auto sales = salesOf(buyer);
        if (!sales.empty()) return nudgeSale(sales.front());
        if (!listings) return;
        for (const auto& row : *listings) {
            if (row.mine || !row.available || row.name != "An asset") continue;
            api::OfferRequest offer;
            offer.listing = row.id;
            offer.coin = money::kBtc;
            offer.bid = dollars(100);
            offer.minimum = dollars(90);
            get<SaleId>([&](auto done) { buyer->makeOffer(offer, done); });
            return;
        }
        list();
    }
    /// Goes on until the sale is over, or `enough` says so.
    template <class Enough>
    bool drive(Enough enough, std::int64_t timeoutMs = 60'000) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeoutMs);
        while (std::chrono::steady_clock::now() < end) {
            nudge();
            const auto sales = salesOf(buyer);
            if (!sales.empty()) {
                seen.insert(sales.front().state);
                if (enough(sales.front())) return true;
            }
            loop.runFor(5);
        }
        const auto sales = salesOf(buyer);
        const int state = sales.empty() ? -1 : static_cast<int>(sales.front().state);
        trouble = "the sale stays in state " + std::to_string(state) + "; refused at last: " + trouble;
        return false;
    }

private:
    bool note(const api::Refusal& refusal) {
        trouble = std::string(api::nameOf(refusal.problem)) + " " + refusal.detail;
        return false;
    }
    void list() {
        const auto drafts = get<std::vector<api::DraftRow>>([&](auto done) { seller->drafts(done); });
        if (!drafts) return;
        if (!drafts->empty() && drafts->front().state == api::DraftState::Interrupted) {
            get<api::DraftRow>([&](auto done) { seller->resumeSealing(drafts->front().assetId, nullptr, done); });
            return;
        }
        if (!drafts->empty()) {
            get<ListingId>([&](auto done) { seller->publish(drafts->front().assetId, done); });
            return;
        }
        const auto mine = get<std::vector<api::ListingRow>>([&](auto done) { seller->listings(done); });
        if (!mine || std::any_of(mine->begin(), mine->end(), [](const auto& row) { return row.mine; })) return;
        get<api::DraftRow>([&](auto done) {
            seller->seal({assetPath().toStdString(),
                          "An asset",
                          "for a test",
                          "application/octet-stream",
                          dollars(100),
                          {},
                          mark},
                         nullptr, done);
        });
    }
    void nudgeSale(const api::SaleRow& sale) {
        if (sale.state == SaleState::Offered) {
            for (const auto& row : salesOf(seller)) {
                if (row.id == sale.id && row.state == SaleState::Offered)
                    get<bool>([&](auto done) {
                        seller->acceptOffer(sale.id, dollars(95), [done](api::Answer<void> answer) {
                            if (answer)
                                done(true);
                            else
                                done(Err(answer.error()));
                        });
                    });
            }
        }
        if (sale.state == SaleState::WalletOpen) {
            const auto detail = get<api::SaleDetail>([&](auto done) { buyer->sale(sale.id, done); });
            if (!detail || !detail->payment || !detail->payment->received.isZero() || !m_paid.insert(sale.id).second)
                return;
            const auto paid = get<bool>([&](auto done) {
                if (beforePaying) beforePaying();
                const auto& due = *detail->payment;
                node->practice()->payToAddress(due.amount.unit, due.address, due.amount,
                                               [done](api::Answer<void> answer) {
                                                   if (answer)
                                                       done(true);
                                                   else
                                                       done(Err(answer.error()));
                                               });
            });
            if (!paid) m_paid.erase(sale.id); // the server was away: what is seen says whether it has come
        }
        if (sale.state == SaleState::Unlocked)
            (void)loop.ask<void>([&](auto done) { buyer->releaseHoldback(sale.id, done); }); // or it is over
        if (sale.state == SaleState::KeySent2) {
            const auto library = get<std::vector<api::LibraryRow>>([&](auto done) { buyer->library(done); });
            if (!library || library->empty() || library->front().state != api::LibraryState::Unlockable) return;
            get<api::LibraryRow>([&](auto done) { buyer->unlock(sale.id, openedPath().toStdString(), {}, done); });
        }
    }
    std::set<SaleId> m_paid;
};

} // namespace tallylock::test
