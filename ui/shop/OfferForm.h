// The buyer's offer on one listing: coin, bid, minimum and expiry. It says what is wrong before it asks the node.
#pragma once

#include "core/api/Treasury.h"
#include "ui/kit/AmountField.h"
#include "ui/kit/Banner.h"
#include "ui/kit/View.h"

#include <optional>
#include <vector>

class QComboBox;
class QLabel;
class QToolButton;
class QVBoxLayout;

namespace tallylock::ui {

class PrimaryButton;

class OfferForm : public QWidget {
    Q_OBJECT

public:
    explicit OfferForm(Context& context, QWidget* parent = nullptr);

    /// Starts anew with this listing: the bid is what the seller asks.
    void setListing(const api::ListingRow& listing);

    /// Why the offer cannot be made as it stands; empty if it can.
    QString problem() const;

signals:
    void offered(quint64 sale);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void loadCoins();
    struct Entry {
        QString label;
        QWidget* field;
        QString name; ///< for those who do not see it
    };
    static QLabel* labelOf(const Entry& entry);
    static QLabel* addRow(QVBoxLayout& layout, const Entry& entry);
    QWidget* makeTerms();
    void addPair(const Entry& left, const Entry& right);
    void say();
    void sayDelivery();
    void sayKeyWay();
    void sayFunding();
    void sayEscrow();
    void offerEscrow(bool hasDigital);
    void loadFunding();
    void loadAddresses();
    void loadUsableAddresses();
    void offerAddresses();
    void sayRefund();
    void unfold(bool open);
    void sayTerms();
    std::optional<std::uint64_t> refundTo() const;
    api::FundingMode funding() const;
    api::EscrowAsset escrowAsset() const;
    api::DeliveryKind delivery() const;
    api::KeyWay keyWay() const;
    void submit();

    Context& m_context;
    ListingId m_listing;
    bool m_tried = false;
    QComboBox* m_coin;
    AmountField* m_bid;
    AmountField* m_minimum;
    QComboBox* m_expiry;
    QToolButton* m_unfold;
    QLabel* m_termsText;  ///< what is chosen, while the choices are folded away
    QWidget* m_terms;     ///< the choices below
    QComboBox* m_funding; ///< hidden where there is nothing to choose
    QLabel* m_fundingText;
    QLabel* m_fundingLabel;
    QComboBox* m_escrow; ///< hidden where the coins are sold on delivery: then it holds dollars
    QLabel* m_escrowText;
    QLabel* m_escrowLabel;
    QComboBox* m_delivery;
    QLabel* m_deliveryText;
    QComboBox* m_keyWay;
    QLabel* m_keyWayText;
    std::vector<api::PayoutAddressRow> m_addresses; ///< that may be used now, of all units
    QComboBox* m_refund;                            ///< hidden where there is nothing to choose
    QLabel* m_refundText;
    QLabel* m_refundLabel;
    Banner* m_banner;
    PrimaryButton* m_offer;
};

} // namespace tallylock::ui
