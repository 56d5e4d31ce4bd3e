// A node without a core: it answers what a test puts into it, later and in order as the real one does, and remembers
// what it was asked for. What a test has not prepared is answered with NotAvailable.
#pragma once

#include "core/api/Guard.h"
#include "core/money/Decimal.h"
#include "tests/ui/views/StubTreasury.h"
#include "ui/kit/Ask.h"
#include "ui/kit/View.h"

#include <map>
#include <stdexcept>

namespace tallylock::ui {

inline api::Amount amountOf(const char* text, api::UnitId unit) {
    const auto amount = money::parseAmount(text, unit);
    if (!amount) throw std::runtime_error(std::string("not an amount: ") + text);
    return *amount;
}
inline api::Amount usd(const char* text) { return amountOf(text, money::kUsd); }
inline api::Amount btc(const char* text) { return amountOf(text, money::kBtc); }

inline std::vector<api::UnitRow> stubUnits() {
    return {{money::kBtc, "BTC", 8, 8, false}, {money::kUsd, "USD", 8, 2, true}};
}

inline api::InstrumentRow stubInstrument() {
    return {{1}, "BTC/USD", money::kBtc, money::kUsd, usd("0.01"), btc("0.00001"), 2, 5};
}

class StubJob : public api::Job {
public:
    void cancel() override { cancelled = true; }
    void pause() override { paused = true; }
    void resume() override { paused = false; }
    bool cancelled = false;
    bool paused = false;
};

/// Who vouches for orders; part of StubSession.
class StubGuard : public api::Guard {
public:
    bool signsEach = false;
    std::optional<api::Answer<void>> signAnswer; ///< instead of keeping what was chosen
    std::vector<bool> chosen;
    std::vector<std::string> codes;
    api::FactorState factor{};
    std::optional<api::Refusal> stateRefusal;
    std::optional<api::Refusal> factorRefusal; ///< of whatever is asked next about the authenticator
    std::vector<std::string> factorAsked;

    void armDeadMan(std::int64_t, bool, api::Done<void> done) override { refuse(std::move(done)); }
    void deadMen(api::Done<std::vector<api::DeadManRow>> done) override { refuse(std::move(done)); }
    void cancelOnDisconnect(bool, api::Done<void> done) override { refuse(std::move(done)); }
    void signOrders(bool each, api::Done<void> done) override {
        chosen.push_back(each);
        if (!signAnswer) signsEach = each;
        m_executor([done = std::move(done), answer = signAnswer.value_or(api::Answer<void>())] { done(answer); });
    }
    void signsOrders(api::Done<bool> done) override {
        m_executor([done = std::move(done), each = signsEach] { done(each); });
    }
    void factorState(api::Done<api::FactorState> done) override {
        api::Answer<api::FactorState> answer(factor);
        if (stateRefusal) answer = Err(*std::exchange(stateRefusal, std::nullopt));
        m_executor([done = std::move(done), answer] { done(answer); });
    }
    void enrolFactor(std::string code, api::Done<api::FactorOffer> done) override {
        const auto text = [](const char* letters) {
            return std::make_shared<const SecretBytes>(SecretBytes::copyOf(viewOf(letters)));
        };
        factorAsked.push_back("enrol " + code);
        const api::FactorOffer offer{text("otpauth://totp/Tallylock:anna?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"),
                                     text("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")};
        answerFactor(std::move(done), api::Answer<api::FactorOffer>(offer));
    }
    void confirmFactor(std::string code, api::Done<void> done) override {
        factorAsked.push_back("confirm " + code);
        answerFactor(std::move(done), api::Answer<void>());
    }
    void removeFactor(std::string code, api::Done<void> done) override {
        factorAsked.push_back("remove " + code);
        answerFactor(std::move(done), api::Answer<void>());
    }
    void nextCode(std::string code) override { codes.push_back(std::move(code)); }

private:
    template <class T>
    void refuse(api::Done<T> done) {
        m_executor([done = std::move(done)] { done(Err(api::Refusal{api::Problem::NotAvailable, {}})); });
    }
    template <class T>
    void answerFactor(api::Done<T> done, api::Answer<T> answer) {
        if (factorRefusal) answer = Err(*std::exchange(factorRefusal, std::nullopt));
        m_executor([done = std::move(done), answer = std::move(answer)] { done(answer); });
    }
    api::Executor m_executor = guiExecutor();
};

class StubSession : public api::Session {
public:
    template <class T>
    using Prepared = std::optional<api::Answer<T>>;

    // What is answered.
    api::AccountInfo accountInfo;
    api::HistoryCheckRow historyRow;
    Prepared<HolderId> registerAnswer;
    Prepared<UserId> addUserAnswer;
    std::vector<api::ListingRow> listingRows;
    std::vector<api::LibraryRow> libraryRows;
    std::vector<api::DraftRow> draftRows;
    api::InstrumentRow instrumentRow = stubInstrument();
    std::vector<api::BookRow> bookRows;
    std::vector<api::OrderRow> orderRows;
    std::vector<api::BalanceRow> balanceRows;
    std::vector<api::StatementRow> statementRows;
    std::map<std::uint64_t, api::StatementPage> statementPages; ///< by what they begin before
    Prepared<SaleId> offerAnswer;
    Prepared<api::OrderRow> orderAnswer; ///< of placing and of changing
    Prepared<void> cancelAnswer;
    Prepared<std::uint64_t> cancelAllAnswer;
    Prepared<api::DraftRow> sealAnswer;
    Prepared<ListingId> publishAnswer;
    Prepared<api::LibraryRow> unlockAnswer;
    Prepared<void> verifyAnswer;
    Prepared<api::SpotCheckRow> spotAnswer;
    Prepared<std::vector<api::KeyPartRow>> fetchAnswer;
    Prepared<void> enterAnswer;
    Prepared<api::CourierRow> courierAnswer;
    Prepared<std::shared_ptr<const SecretBytes>> wordsAnswer;
    bool sealWaits = false;   ///< until finishSeal
    bool unlockWaits = false; ///< until finishUnlock

    // What was asked for.
    std::vector<std::pair<std::string, bool>> registered;
    std::vector<std::tuple<std::string, IdentityKey, std::uint32_t>> addedUsers;
    std::vector<api::OfferRequest> offers;
    std::vector<api::OrderRequest> placed;
    api::Amount lastCounter;
    api::OfferRequest lastRenewal;
    std::vector<std::pair<api::Claim, std::string>> complaints;
    std::vector<std::string> statements;
    std::optional<std::vector<api::SaleRow>> saleRows;
    std::optional<api::SaleDetail> saleDetail;
    std::vector<SaleId> releasedSales;
    std::vector<SaleId> askedQuotes;
    std::vector<api::Amount> agreedQuotes;
    bool takesQuotes = true;
    std::vector<api::PayeeRow> payees;
    std::vector<std::pair<api::PartTwoWay, std::string>> courierWishes;
    std::vector<std::pair<OrderId, api::OrderChange>> replaced;
    std::vector<OrderId> cancelled;
    std::vector<std::optional<InstrumentId>> cancelledAll;
    std::vector<std::uint64_t> pagesAsked;
    std::vector<api::SellRequest> sealed;
    std::vector<Hash> published;
    std::vector<Hash> resumed;
    std::vector<Hash> copied;
    std::vector<Hash> discarded;
    std::vector<SaleId> unlocked;
    std::vector<SaleId> verified;
    std::vector<std::pair<SaleId, std::string>> spotChecked;
    std::vector<SaleId> fetched;
    std::vector<std::string> enteredWords; ///< of a test, so no secret
    std::shared_ptr<StubJob> job = std::make_shared<StubJob>();

    std::function<void(api::JobProgress)> tellProgress; ///< of the last job

    void finishSeal() { reply(m_sealDone, sealAnswer); }
    void finishUnlock() { reply(m_unlockDone, unlockAnswer); }

    std::string profileName() const override { return "anna"; }
    std::string fingerprint() const override { return "tl1"; }
    std::string fingerprintWords() const override { return "twelve words"; }
    IdentityKey identityKey() const override { return {}; }
    void watch(std::function<void(api::Topic)> changed) override { m_changed = std::move(changed); }
    std::vector<api::ReachedServerRow> serverRows;
    void servers(api::Done<std::vector<api::ReachedServerRow>> done) override { give(done, serverRows); }
    void historyCheck(api::Done<api::HistoryCheckRow> done) override { give(done, historyRow); }
    void tell(api::Topic topic) { m_changed(topic); }

    void account(api::Done<api::AccountInfo> done) override { give(done, accountInfo); }
    void registerHolder(std::string name, bool institution, api::Done<HolderId> done) override {
        registered.emplace_back(std::move(name), institution);
        reply(done, registerAnswer);
    }
    void setFiatAccount(api::FiatAccount, api::Done<void> done) override { refuse(done); }
    void addUser(std::string name, IdentityKey key, std::uint32_t roles, api::Done<UserId> done) override {
        addedUsers.emplace_back(std::move(name), key, roles);
        reply(done, addUserAnswer);
    }
    void units(api::Done<std::vector<api::UnitRow>> done) override { give(done, stubUnits()); }
    void balances(api::Done<std::vector<api::BalanceRow>> done) override { give(done, balanceRows); }
    void statement(api::UnitId, std::uint32_t, std::uint64_t, api::Done<std::vector<api::StatementRow>> done) override {
        give(done, statementRows);
    }
    void statementPage(api::UnitId, std::uint64_t before, std::uint32_t, api::Done<api::StatementPage> done) override {
        pagesAsked.push_back(before);
        const auto page = statementPages.find(before);
        if (page == statementPages.end())
            refuse(done);
        else
            give(done, page->second);
    }
    StubTreasury money;
    api::Treasury& treasury() override { return money; }
    StubGuard guards;
    api::Guard& guard() override { return guards; }
    api::MarketData& marketData() override { throw std::logic_error("no market data here"); }
    void depositIdentifier(api::UnitId unit, api::Done<api::DepositRow> done) override {
        give(done, api::DepositRow{unit, "practice-1"});
    }
    std::shared_ptr<api::Job> seal(api::SellRequest request, std::function<void(api::JobProgress)> progress,
                                   api::Done<api::DraftRow> done) override {
        sealed.push_back(std::move(request));
        tellProgress = std::move(progress);
        if (sealWaits)
            m_sealDone = done;
        else
            reply(done, sealAnswer);
        return job;
    }
    void drafts(api::Done<std::vector<api::DraftRow>> done) override { give(done, draftRows); }
    std::shared_ptr<api::Job> resumeSealing(Hash assetId, std::function<void(api::JobProgress)>,
                                            api::Done<api::DraftRow> done) override {
        resumed.push_back(assetId);
        reply(done, sealAnswer);
        return job;
    }
    std::shared_ptr<api::Job> sellAnotherCopy(Hash assetId, std::function<void(api::JobProgress)>,
                                              api::Done<api::DraftRow> done) override {
        copied.push_back(assetId);
        reply(done, sealAnswer);
        return job;
    }
    void discardDraft(Hash assetId, api::Done<void> done) override {
        discarded.push_back(assetId);
        post([done] { done(api::Answer<void>()); });
    }
    void publish(Hash assetId, api::Done<ListingId> done) override {
        published.push_back(assetId);
        reply(done, publishAnswer);
    }
    void acceptOffer(SaleId, api::Amount, api::Done<void> done) override { refuse(done); }
    void rejectOffer(SaleId, api::Done<void> done) override { refuse(done); }
    void counterOffer(SaleId, api::Amount price, std::int64_t, api::Done<void> done) override {
        lastCounter = price;
        refuse(done);
    }
    void listings(api::Done<std::vector<api::ListingRow>> done) override { give(done, listingRows); }
    void makeOffer(api::OfferRequest request, api::Done<SaleId> done) override {
        offers.push_back(request);
        reply(done, offerAnswer);
    }
    void withdrawOffer(SaleId, api::Done<void> done) override { refuse(done); }
    void renewOffer(SaleId, api::OfferRequest request, api::Done<void> done) override {
        lastRenewal = request;
        refuse(done);
    }
    void askQuote(SaleId sale, api::Done<void> done) override {
        askedQuotes.push_back(sale);
        takesQuotes ? done({}) : refuse(done);
    }
    void agreeToQuote(SaleId, api::Amount coins, api::Done<void> done) override {
        agreedQuotes.push_back(coins);
        takesQuotes ? done({}) : refuse(done);
    }
    void raiseDispute(SaleId, api::Claim claim, std::string text, api::Done<void> done) override {
        complaints.emplace_back(claim, std::move(text));
        refuse(done);
    }
    void stateInDispute(SaleId, std::string text, api::Done<void> done) override {
        statements.push_back(std::move(text));
        refuse(done);
    }
    void decideDispute(SaleId, api::Amount, std::string, api::Done<void> done) override { refuse(done); }
    void releaseHoldback(SaleId sale, api::Done<void> done) override {
        releasedSales.push_back(sale);
        refuse(done);
    }
    void setPayee(SaleId, api::PayeeRow payee, api::Done<void> done) override {
        payees.push_back(std::move(payee));
        refuse(done);
    }
    void sales(api::Done<std::vector<api::SaleRow>> done) override { saleRows ? give(done, *saleRows) : refuse(done); }
    void sale(SaleId, api::Done<api::SaleDetail> done) override { saleDetail ? give(done, *saleDetail) : refuse(done); }
    void receipts(SaleId, api::Done<std::vector<api::ReceiptRow>> done) override { refuse(done); }
    void evidence(SaleId, api::Done<Bytes> done) override { refuse(done); }
    void custody(Hash, api::Done<std::vector<api::CustodyRow>> done) override {
        give(done, std::vector<api::CustodyRow>{});
    }
    void spotCheck(SaleId sale, std::string folder, api::Done<api::SpotCheckRow> done) override {
        spotChecked.emplace_back(sale, std::move(folder));
        reply(done, spotAnswer);
    }
    void fetchKeysAgain(SaleId sale, api::Done<std::vector<api::KeyPartRow>> done) override {
        fetched.push_back(sale);
        reply(done, fetchAnswer);
    }
    void enterSecondPassword(SaleId, SecretBytes words, api::Done<void> done) override {
        const auto view = words.view();
        enteredWords.emplace_back(view.begin(), view.end());
        reply(done, enterAnswer);
    }
    void secondPasswordWords(SaleId, api::Done<std::shared_ptr<const SecretBytes>> done) override {
        reply(done, wordsAnswer);
    }
    void courier(SaleId, api::Done<api::CourierRow> done) override { reply(done, courierAnswer); }
    void setCourier(SaleId, api::PartTwoWay way, std::string address, api::Done<api::CourierRow> done) override {
        courierWishes.emplace_back(way, std::move(address));
        reply(done, courierAnswer);
    }
    void library(api::Done<std::vector<api::LibraryRow>> done) override { give(done, libraryRows); }
    std::shared_ptr<api::Job> unlock(SaleId sale, std::string, std::function<void(api::JobProgress)> progress,
                                     api::Done<api::LibraryRow> done) override {
        unlocked.push_back(sale);
        tellProgress = std::move(progress);
        if (unlockWaits)
            m_unlockDone = done;
        else
            reply(done, unlockAnswer);
        return job;
    }
    std::shared_ptr<api::Job> verifyOpened(SaleId sale, std::function<void(api::JobProgress)> progress,
                                           api::Done<void> done) override {
        verified.push_back(sale);
        tellProgress = std::move(progress);
        reply(done, verifyAnswer);
        return job;
    }
    void markCopy(SaleId, std::string, api::Done<std::string> done) override { refuse(done); }
    void instruments(api::Done<std::vector<api::InstrumentRow>> done) override {
        give(done, std::vector<api::InstrumentRow>{instrumentRow});
    }
    void book(InstrumentId, std::uint32_t, api::Done<std::vector<api::BookRow>> done) override { give(done, bookRows); }
    void trades(InstrumentId, std::uint32_t, api::Done<std::vector<api::TradeRow>> done) override {
        give(done, std::vector<api::TradeRow>{});
    }
    void placeOrder(api::OrderRequest request, api::Done<api::OrderRow> done) override {
        placed.push_back(request);
        reply(done, orderAnswer);
    }
    void replaceOrder(OrderId order, api::OrderChange change, api::Done<api::OrderRow> done) override {
        replaced.emplace_back(order, change);
        reply(done, orderAnswer);
    }
    void cancelOrder(OrderId order, api::Done<void> done) override {
        cancelled.push_back(order);
        reply(done, cancelAnswer);
    }
    void cancelAllOrders(std::optional<InstrumentId> instrument, api::Done<std::uint64_t> done) override {
        cancelledAll.push_back(instrument);
        reply(done, cancelAllAnswer);
    }
    void orders(api::Done<std::vector<api::OrderRow>> done) override { give(done, orderRows); }
    void instructions(std::uint32_t, api::Done<std::vector<api::InstructionRow>> done) override {
        give(done, std::vector<api::InstructionRow>{});
    }

private:
    void post(std::function<void()> task) { m_executor(std::move(task)); }
    template <class T>
    void give(api::Done<T> done, T value) {
        post([done, value] { done(value); });
    }
    template <class T>
    void refuse(api::Done<T> done) {
        post([done] { done(Err(api::Refusal{api::Problem::NotAvailable, {}})); });
    }
    template <class T>
    void reply(api::Done<T> done, const Prepared<T>& answer) {
        if (answer)
            post([done, answer] { done(*answer); });
        else
            refuse(done);
    }

    api::Executor m_executor = guiExecutor();
    std::function<void(api::Topic)> m_changed;
    api::Done<api::DraftRow> m_sealDone;
    api::Done<api::LibraryRow> m_unlockDone;
};

class StubNode : public api::Node {
public:
    void info(api::Done<api::NodeInfo>) override {}
    void trialBalance(api::Done<std::vector<api::TrialBalanceRow>>) override {}
    api::Operator* operatorDesk() override { return nullptr; }
    std::optional<api::CoordinatorRow> usedCoordinator;
    std::vector<std::string> lookedAt;
    api::Answer<api::FoundCoordinator> foundCoordinator = Err(api::Refusal{api::Problem::NotAvailable, {}});
    std::optional<api::CoordinatorRow> coordinator() const override { return usedCoordinator; }
    void findCoordinator(std::string address, api::Done<api::FoundCoordinator> done) override {
        lookedAt.push_back(std::move(address));
        m_executor([done = std::move(done), answer = foundCoordinator] { done(answer); });
    }
    api::Answer<void> useCoordinator(const std::optional<api::CoordinatorRow>& coordinator) override {
        usedCoordinator = coordinator;
        return {};
    }
    std::vector<api::ProfileRow> profiles() override { return {}; }
    SecretBytes newPhrase(int) override { return {}; }
    api::Answer<void> checkPhrase(ByteView) override { return {}; }
    std::vector<std::string> phraseWords(std::string_view, std::size_t) override { return {}; }
    api::Answer<api::FileLook> lookAnswer = Err(api::Refusal{api::Problem::NotAvailable, {}});
    void lookInto(std::string, api::Done<api::FileLook> done) override {
        m_executor([done = std::move(done), answer = lookAnswer] { done(answer); });
    }
    bool isPhraseWord(std::string_view) override { return false; }
    void checkKeychain(api::Done<void>) override {}
    using api::Node::createProfile;
    void createProfile(api::NewProfile, api::Done<std::shared_ptr<api::Session>>) override {}
    void lockProfile(const std::string&) override {}
    void changeKeeping(std::string, SecretBytes, api::Keeping, SecretBytes, api::Done<void>) override {}
    void openProfile(std::string, SecretBytes, api::Done<std::shared_ptr<api::Session>>) override {}
    api::Practice* practice() override { return nullptr; }

private:
    api::Executor m_executor = guiExecutor();
};

/// What a test of the views stands on; begun before each of its functions.
class StubScene {
protected:
    void begin() {
        m_node.lookAnswer = Err(api::Refusal{api::Problem::NotAvailable, {}});
        m_session = std::make_shared<StubSession>();
        m_context = std::make_unique<Context>(m_node, m_session);
        m_context->setUnits(Units(stubUnits()));
    }
    void end() { m_context.reset(); }

    StubNode m_node;
    std::shared_ptr<StubSession> m_session;
    std::unique_ptr<Context> m_context;
};

} // namespace tallylock::ui
