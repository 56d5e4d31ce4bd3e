// One identity's side of everything: implements api::Session.
//
// The room `party` owns the party's own journal (its commands on their way, drafts, deposits, own copies of what it
// bought), a replica of what the coordinator has told it, and the acts that the app does by itself between the buttons
// that a person presses. It checks whatever it is about to sign against what it signed before, what was listed, and the
// key server that it has pinned; the coordinator's word is not enough. It refuses to keep a secret in clear.
//
// State           one writer         durable where          if it arrives twice
// replica         worker             coordinator's streams  passed over by its position
// outbox          worker             own journal            the coordinator answers as the first time
// drafts, boxes   worker             own journal            the second is refused by the sale's state
// sealed file     job thread         folder, and the store  named by its root
// what arrives    job thread         folder                 a portion that is there is passed over
//
// Threads: one worker owns the state, one thread does the long jobs; both end with the Party, which must be destroyed
// on the thread that calls it. Nothing blocks but the destructor, which waits for both.
#pragma once

#include "core/api/Guard.h"
#include "core/api/MarketData.h"
#include "core/api/Treasury.h"
#include "core/party/Setup.h"

namespace tallylock::party {

class Party final : public api::Session, private api::Treasury, private api::Guard, private api::MarketData {
public:
    explicit Party(Setup setup);
    ~Party() override;
    Party(const Party&) = delete;
    Party& operator=(const Party&) = delete;

    /// Once, before anything else is of use. Answers when the own journal has been read; a journal that cannot be read
    /// is the only failure, and then every call answers with it. Coordinator and key server may come later.
    void start(api::Done<void> done);

    /// Ends all work and wipes the keys, while others still hold the session: its questions are answered with Stopping
    /// from now on, and those under way not at all. Waits as the destructor does, on the same thread.
    void end();

    std::string profileName() const override;
    std::string fingerprint() const override;
    std::string fingerprintWords() const override;
    IdentityKey identityKey() const override;
    void watch(std::function<void(api::Topic)> changed) override;
    void servers(api::Done<std::vector<api::ReachedServerRow>> done) override;
    void historyCheck(api::Done<api::HistoryCheckRow> done) override;

    void account(api::Done<api::AccountInfo> done) override;
    void registerHolder(std::string name, bool institution, api::Done<HolderId> done) override;
    void setFiatAccount(api::FiatAccount account, api::Done<void> done) override;
    void addUser(std::string name, IdentityKey key, std::uint32_t roles, api::Done<UserId> done) override;
    void units(api::Done<std::vector<api::UnitRow>> done) override;
    void balances(api::Done<std::vector<api::BalanceRow>> done) override;
    void statement(api::UnitId unit, std::uint32_t limit, std::uint64_t minSeq,
                   api::Done<std::vector<api::StatementRow>> done) override;
    void statementPage(api::UnitId unit, std::uint64_t before, std::uint32_t limit,
                       api::Done<api::StatementPage> done) override;
    void depositIdentifier(api::UnitId unit, api::Done<api::DepositRow> done) override;
    api::Treasury& treasury() override { return *this; }
    api::Guard& guard() override { return *this; }
    api::MarketData& marketData() override { return *this; }

    std::shared_ptr<api::Job> seal(api::SellRequest request, std::function<void(api::JobProgress)> progress,
                                   api::Done<api::DraftRow> done) override;
    void drafts(api::Done<std::vector<api::DraftRow>> done) override;
    std::shared_ptr<api::Job> resumeSealing(Hash assetId, std::function<void(api::JobProgress)> progress,
                                            api::Done<api::DraftRow> done) override;
    std::shared_ptr<api::Job> sellAnotherCopy(Hash assetId, std::function<void(api::JobProgress)> progress,
                                              api::Done<api::DraftRow> done) override;
    void discardDraft(Hash assetId, api::Done<void> done) override;
    void publish(Hash assetId, api::Done<ListingId> done) override;
    void acceptOffer(SaleId sale, api::Amount price, api::Done<void> done) override;
    void rejectOffer(SaleId sale, api::Done<void> done) override;
    void counterOffer(SaleId sale, api::Amount price, std::int64_t expiresInMs, api::Done<void> done) override;

    void listings(api::Done<std::vector<api::ListingRow>> done) override;
    void makeOffer(api::OfferRequest request, api::Done<SaleId> done) override;
    void withdrawOffer(SaleId sale, api::Done<void> done) override;
    void renewOffer(SaleId sale, api::OfferRequest request, api::Done<void> done) override;
    void askQuote(SaleId sale, api::Done<void> done) override;
    void agreeToQuote(SaleId sale, api::Amount coins, api::Done<void> done) override;
    void raiseDispute(SaleId sale, api::Claim claim, std::string text, api::Done<void> done) override;
    void stateInDispute(SaleId sale, std::string text, api::Done<void> done) override;
    void decideDispute(SaleId sale, api::Amount toBuyer, std::string reason, api::Done<void> done) override;
    void setPayee(SaleId sale, api::PayeeRow payee, api::Done<void> done) override;
    void releaseHoldback(SaleId sale, api::Done<void> done) override;
    void sales(api::Done<std::vector<api::SaleRow>> done) override;
    void sale(SaleId sale, api::Done<api::SaleDetail> done) override;
    void receipts(SaleId sale, api::Done<std::vector<api::ReceiptRow>> done) override;
    void evidence(SaleId sale, api::Done<Bytes> done) override;

    void custody(Hash assetId, api::Done<std::vector<api::CustodyRow>> done) override;

    void spotCheck(SaleId sale, std::string folder, api::Done<api::SpotCheckRow> done) override;

    void library(api::Done<std::vector<api::LibraryRow>> done) override;
    std::shared_ptr<api::Job> unlock(SaleId sale, std::string path, std::function<void(api::JobProgress)> progress,
                                     api::Done<api::LibraryRow> done) override;
    void fetchKeysAgain(SaleId sale, api::Done<std::vector<api::KeyPartRow>> done) override;
    void enterSecondPassword(SaleId sale, SecretBytes words, api::Done<void> done) override;
    void secondPasswordWords(SaleId sale, api::Done<std::shared_ptr<const SecretBytes>> done) override;
    void courier(SaleId sale, api::Done<api::CourierRow> done) override;
    void setCourier(SaleId sale, api::PartTwoWay way, std::string address, api::Done<api::CourierRow> done) override;
    std::shared_ptr<api::Job> verifyOpened(SaleId sale, std::function<void(api::JobProgress)> progress,
                                           api::Done<void> done) override;
    void markCopy(SaleId sale, std::string path, api::Done<std::string> done) override;

    void instruments(api::Done<std::vector<api::InstrumentRow>> done) override;
    void book(InstrumentId instrument, std::uint32_t levels, api::Done<std::vector<api::BookRow>> done) override;
    void trades(InstrumentId instrument, std::uint32_t limit, api::Done<std::vector<api::TradeRow>> done) override;
    void placeOrder(api::OrderRequest request, api::Done<api::OrderRow> done) override;
    void replaceOrder(OrderId order, api::OrderChange change, api::Done<api::OrderRow> done) override;
    void cancelOrder(OrderId order, api::Done<void> done) override;
    void cancelAllOrders(std::optional<InstrumentId> instrument, api::Done<std::uint64_t> done) override;
    void orders(api::Done<std::vector<api::OrderRow>> done) override;
    void instructions(std::uint32_t limit, api::Done<std::vector<api::InstructionRow>> done) override;

private:
    // PartyTreasury.cpp
    void addDevice(UserId user, IdentityKey key, api::Done<void> done) override;
    void removeDevice(IdentityKey key, api::Done<void> done) override;
    void setRoles(UserId user, std::uint32_t roles, api::Done<void> done) override;
    void setOrderLimit(UserId user, api::Amount most, api::Done<void> done) override;
    void setAssetAccount(api::UnitId unit, std::string address, api::Done<void> done) override;
    void deposits(api::Done<std::vector<api::IncomingRow>> done) override;
    void payoutAddresses(api::Done<std::vector<api::PayoutAddressRow>> done) override;
    void addPayoutAddress(api::UnitId unit, std::string address, std::string label,
                          api::Done<std::uint64_t> done) override;
    void removePayoutAddress(std::uint64_t address, api::Done<void> done) override;
    void withdrawalFees(api::Done<std::vector<api::Amount>> done) override;
    void withdrawals(api::Done<std::vector<api::WithdrawalRow>> done) override;
    void requestWithdrawal(std::uint64_t address, api::Amount amount, api::Done<std::uint64_t> done) override;
    void approveWithdrawal(std::uint64_t withdrawal, api::Done<void> done) override;
    void cancelWithdrawal(std::uint64_t withdrawal, api::Done<void> done) override;
    void withdrawalPolicy(api::Done<api::PolicyRow> done) override;
    void setWithdrawalPolicy(api::WithdrawalPolicy policy, api::Done<std::uint64_t> done) override;
    void approvePolicyChange(std::uint64_t change, api::Done<void> done) override;
    void whoCouldMove(api::WithdrawalPolicy policy, api::Amount amount, api::Done<api::MoversRow> done) override;

    // PartyGuard.cpp
    void armDeadMan(std::int64_t withinMs, bool account, api::Done<void> done) override;
    void deadMen(api::Done<std::vector<api::DeadManRow>> done) override;
    void cancelOnDisconnect(bool on, api::Done<void> done) override;
    void signOrders(bool each, api::Done<void> done) override;
    void signsOrders(api::Done<bool> done) override;
    void factorState(api::Done<api::FactorState> done) override;
    void enrolFactor(std::string code, api::Done<api::FactorOffer> done) override;
    void confirmFactor(std::string code, api::Done<void> done) override;
    void removeFactor(std::string code, api::Done<void> done) override;
    void nextCode(std::string code) override;
    void candles(InstrumentId instrument, api::CandleSpan span, std::int64_t beforeMs, std::uint32_t limit,
                 api::Done<std::vector<api::CandleRow>> done) override;
    void bookHealth(InstrumentId instrument, api::Done<api::BookHealth> done) override;

    struct Inside;
    std::unique_ptr<Inside> m_inside;
};

} // namespace tallylock::party
