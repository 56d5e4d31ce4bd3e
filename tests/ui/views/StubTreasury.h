// Users, payouts and rules of an account without a core; the part of StubSession that moves money out.
#pragma once

#include "core/api/Treasury.h"
#include "ui/kit/Ask.h"

namespace tallylock::ui {

class StubTreasury : public api::Treasury {
public:
    // What is answered. An act without an answer is refused with NotAvailable.
    std::vector<api::IncomingRow> incomingRows;
    std::vector<api::PayoutAddressRow> addressRows;
    std::vector<api::WithdrawalRow> payoutRows;
    std::vector<api::Amount> fees;
    api::PolicyRow policyRow;
    std::optional<api::Answer<void>> actAnswer;
    std::optional<api::Answer<std::uint64_t>> numberAnswer;
    std::function<api::MoversRow(const api::WithdrawalPolicy&, const api::Amount&)> movers;

    // What was asked for.
    std::vector<std::string> acts; ///< in words, such as "approve 3"
    std::vector<std::pair<std::uint64_t, api::Amount>> requested;
    std::vector<api::WithdrawalPolicy> policies;
    std::vector<std::tuple<api::UnitId, std::string, std::string>> addedAddresses;
    std::vector<std::pair<UserId, api::Amount>> limits;

    void addDevice(UserId user, IdentityKey key, api::Done<void> done) override {
        act("add device " + std::to_string(user.value) + ' ' + key.hex(), std::move(done));
    }
    void removeDevice(IdentityKey key, api::Done<void> done) override {
        act("remove device " + key.hex(), std::move(done));
    }
    void setRoles(UserId user, std::uint32_t roles, api::Done<void> done) override {
        act("roles " + std::to_string(user.value) + ' ' + std::to_string(roles), std::move(done));
    }
    void setOrderLimit(UserId user, api::Amount most, api::Done<void> done) override {
        limits.emplace_back(user, most);
        act("limit " + std::to_string(user.value), std::move(done));
    }
    void setAssetAccount(api::UnitId, std::string, api::Done<void> done) override {
        act("asset account", std::move(done));
    }
    void deposits(api::Done<std::vector<api::IncomingRow>> done) override { give(std::move(done), incomingRows); }
    void payoutAddresses(api::Done<std::vector<api::PayoutAddressRow>> done) override {
        give(std::move(done), addressRows);
    }
    void addPayoutAddress(api::UnitId unit, std::string address, std::string label,
                          api::Done<std::uint64_t> done) override {
        addedAddresses.emplace_back(unit, std::move(address), std::move(label));
        number(std::move(done));
    }
    void removePayoutAddress(std::uint64_t address, api::Done<void> done) override {
        act("remove address " + std::to_string(address), std::move(done));
    }
    void withdrawalFees(api::Done<std::vector<api::Amount>> done) override { give(std::move(done), fees); }
    void withdrawals(api::Done<std::vector<api::WithdrawalRow>> done) override { give(std::move(done), payoutRows); }
    void requestWithdrawal(std::uint64_t address, api::Amount amount, api::Done<std::uint64_t> done) override {
        requested.emplace_back(address, amount);
        number(std::move(done));
    }
    void approveWithdrawal(std::uint64_t withdrawal, api::Done<void> done) override {
        act("approve " + std::to_string(withdrawal), std::move(done));
    }
    void cancelWithdrawal(std::uint64_t withdrawal, api::Done<void> done) override {
        act("cancel " + std::to_string(withdrawal), std::move(done));
    }
    void withdrawalPolicy(api::Done<api::PolicyRow> done) override { give(std::move(done), policyRow); }
    void setWithdrawalPolicy(api::WithdrawalPolicy policy, api::Done<std::uint64_t> done) override {
        policies.push_back(std::move(policy));
        number(std::move(done));
    }
    void approvePolicyChange(std::uint64_t change, api::Done<void> done) override {
        act("approve rules " + std::to_string(change), std::move(done));
    }
    void whoCouldMove(api::WithdrawalPolicy policy, api::Amount amount, api::Done<api::MoversRow> done) override {
        give(std::move(done), movers ? movers(policy, amount) : api::MoversRow{});
    }

private:
    template <class T>
    void give(api::Done<T> done, T value) {
        m_executor([done = std::move(done), value] { done(value); });
    }
    void act(std::string what, api::Done<void> done) {
        acts.push_back(std::move(what));
        m_executor([done = std::move(done), answer = actAnswer] {
            done(answer ? *answer : Err(api::Refusal{api::Problem::NotAvailable, {}}));
        });
    }
    void number(api::Done<std::uint64_t> done) {
        m_executor([done = std::move(done), answer = numberAnswer] {
            done(answer ? *answer : Err(api::Refusal{api::Problem::NotAvailable, {}}));
        });
    }
    api::Executor m_executor = guiExecutor();
};

} // namespace tallylock::ui
