#include "ui/sales/SalePage.h"

#include "ui/kit/Ask.h"
#include "ui/kit/Banner.h"
#include "ui/kit/PreviewPicture.h"
#include "ui/kit/SaleText.h"
#include "ui/kit/TimeText.h"
#include "ui/kit/View.h"
#include "ui/kit/Widgets.h"
#include "ui/sales/CourierPanel.h"
#include "ui/sales/DeliveryText.h"
#include "ui/sales/DisputePanel.h"
#include "ui/sales/OfferPanel.h"
#include "ui/sales/PayPanel.h"
#include "ui/sales/PayeePanel.h"
#include "ui/sales/QuotePanel.h"
#include "ui/sales/SpotPanel.h"
#include "ui/sales/TimelineRow.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QSaveFile>
#include <QVBoxLayout>

namespace tallylock::ui {

static constexpr int kPaidStep = 7;

SalePage::SalePage(Context& context, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_banner(new Banner(this)),
      m_name(new PlainLabel({}, Rank::Normal, this)),
      m_state(new Badge({}, Badge::Tone::Accent, this)),
      m_summary(plainText({}, Rank::Muted, this)),
      m_next(plainText({}, Rank::Normal, this)),
      m_who(plainText({}, Rank::Muted, this)),
      m_delivery(plainText({}, Rank::Muted, this)),
      m_unlock(new PrimaryButton(tr("&Unlock in the library"), this)),
      m_offer(new OfferPanel(context, m_banner, this)),
      m_spot(new SpotPanel(context, m_banner, this)),
      m_pay(new PayPanel(context, m_banner, this)),
      m_quote(new QuotePanel(context, m_banner, this)),
      m_courier(new CourierPanel(context, m_banner, this)),
      m_payee(new PayeePanel(context, m_banner, this)),
      m_dispute(new DisputePanel(context, m_banner, this)),
      m_facts(plainText({}, Rank::Muted, this)),
      m_evidence(new QPushButton(tr("Save the e&vidence…"), this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::kLarge, 0, space::kPage, space::kLarge);
    column->setSpacing(space::kMedium);
    setHeadingFont(m_name, 1.3, true);
    m_state->setAccessibleName(tr("State of the sale"));
    auto* head = new QHBoxLayout;
    head->addWidget(m_name, 1);
    head->addWidget(m_state);
    column->addLayout(head);
    column->addWidget(m_summary);
    column->addWidget(m_banner);

    auto* next = new Card(this);
    next->setAccessibleName(tr("What comes next"));
    next->body()->addWidget(m_next);
    next->body()->addWidget(m_who);
    next->body()->addWidget(m_delivery);
    m_delivery->setAccessibleName(tr("Delivery"));
    m_delivery->hide();
    next->body()->addWidget(m_unlock, 0, Qt::AlignLeft);
    m_unlock->setAccessibleName(tr("Unlock in the library"));
    // Nothing can be done about a sale before it has been told what it is.
    for (QWidget* action :
         {static_cast<QWidget*>(m_unlock), static_cast<QWidget*>(m_offer), static_cast<QWidget*>(m_pay)})
        action->hide();
    connect(m_unlock, &QPushButton::clicked, this, [this] { m_context.openLibrary(m_sale); });
    column->addWidget(next);
    column->addWidget(m_offer);
    column->addWidget(m_spot);
    column->addWidget(m_pay);
    column->addWidget(m_quote);
    column->addWidget(m_dispute);
    column->addWidget(m_courier);
    column->addWidget(m_payee);

    auto* timeline = new Card(this);
    timeline->setAccessibleName(tr("Timeline"));
    timeline->body()->addWidget(sectionHeading(tr("The fourteen steps"), timeline));
    auto* lines = new QVBoxLayout;
    lines->setSpacing(0);
    for (int step = 1; step <= kSaleSteps; ++step) {
        m_steps.push_back(new TimelineRow(step, context, timeline));
        lines->addWidget(m_steps.back());
    }
    timeline->body()->addLayout(lines);
    column->addWidget(timeline);
    m_facts->setTextInteractionFlags(Qt::TextSelectableByMouse);
    column->addWidget(m_facts);
    m_evidence->setAccessibleName(tr("Save the evidence"));
    m_evidence->setToolTip(tr("A file that proves to others what was signed in this sale. It holds no secret."));
    m_evidence->hide();
    connect(m_evidence, &QPushButton::clicked, this, &SalePage::chooseEvidencePath);
    column->addWidget(m_evidence, 0, Qt::AlignLeft);
    column->addStretch(1);
}

void SalePage::setSale(const api::SaleDetail& detail) {
    const api::SaleRow& sale = detail.row;
    const bool offered = sale.state == api::SaleState::Offered || sale.state == api::SaleState::Countered;
    m_offer->setVisible(offered);
    if (offered) m_offer->setSale(sale);
    const bool buyer = sale.role == api::SaleRole::Buyer;
    const bool paying =
        buyer && detail.payment && (sale.state == api::SaleState::WalletOpen || sale.state == api::SaleState::Seen);
    // What was said of an act goes when the act is behind us.
    const bool acting = offered || paying || detail.newQuote || detail.mayObject || detail.mayState;
    if (sale.id != m_sale || (m_acting && !acting)) m_banner->clear();
    m_sale = sale.id;
    m_acting = acting;
    showHead(sale);
    if (detail.newQuote) m_next->setText(tr("Pay nothing now: the price in coins is to be fixed anew."));
    m_spot->setSale(sale.id, buyer ? detail.spot : api::SpotCheckRow());
    const bool paid = sale.step >= kPaidStep;
    if (!buyer || sale.terminal || (paid && detail.spot.state == api::SpotState::TooSmall)) m_spot->hide();
    m_pay->setVisible(paying);
    if (paying) m_pay->setPayment(sale, *detail.payment);
    m_quote->setSale(detail);
    m_dispute->setSale(detail);
    m_courier->setSale(detail);
    m_payee->setSale(detail);
    m_delivery->setVisible(detail.delivery.has_value());
    if (detail.delivery) m_delivery->setText(deliveryText(*detail.delivery));
    const bool fileComes = sale.delivery == api::DeliveryKind::SealedFile;
    m_unlock->setVisible(buyer && fileComes && sale.state == api::SaleState::KeySent2);
    for (std::size_t i = 0; i < m_steps.size() && i < detail.steps.size(); ++i)
        m_steps[i]->setStep(detail.steps[i], sale);
    m_evidence->show();
    showFacts(detail);
}

void SalePage::chooseEvidencePath() {
    const QString name = tr("sale-%1.evidence").arg(m_sale.value);
    auto* dialog = new QFileDialog(this, tr("Save the evidence"), name);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("Evidence (*.evidence)"));
    dialog->setDefaultSuffix(QStringLiteral("evidence"));
    dialog->selectFile(name);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, &SalePage::saveEvidence);
    dialog->open();
}

void SalePage::saveEvidence(const QString& path) {
    m_context.session().evidence(
        m_sale, ask(this, m_banner, [this, path](const Bytes& evidence) {
            QSaveFile file(path);
            const auto size = static_cast<qint64>(evidence.size());
            const char* bytes = reinterpret_cast<const char*>(evidence.data());
            if (file.open(QIODevice::WriteOnly) && file.write(bytes, size) == size && file.commit()) {
                m_banner->succeed(tr("The evidence was saved. Whoever has Tallylock can check "
                                     "it, also without a network."));
            } else {
                m_banner->refuse(tr("The file could not be written: %1").arg(file.errorString()));
            }
        }));
}

void SalePage::showHead(const api::SaleRow& sale) {
    m_name->setText(saleTitle(sale));
    m_state->setText(stateName(sale));
    const bool good = sale.state == api::SaleState::Completed || sale.state == api::SaleState::Unlocked;
    m_state->setTone(sale.needsMe || sale.orphanedSinceMs != 0
                         ? Badge::Tone::Warn
                         : (good ? Badge::Tone::Good : (sale.terminal ? Badge::Tone::Muted : Badge::Tone::Accent)));
    const api::Amount& money = sale.price.isZero() ? sale.bid : sale.price;
    const QString with = QString::fromStdString(sale.counterparty).simplified();
    const bool buys = sale.role == api::SaleRole::Buyer;
    const QString price = m_context.units().text(money);
    if (with.isEmpty()) // not known from the own records
        m_summary->setText((buys ? tr("You buy for %1.") : tr("You sell for %1.")).arg(price));
    else
        m_summary->setText((buys ? tr("You buy from %1 for %2.") : tr("You sell to %1 for %2.")).arg(with, price));
    m_next->setText(nextText(sale));
    QString who;
    if (!sale.terminal && sale.orphanedSinceMs == 0)
        who = tr("Who acts next: %1").arg(sale.needsMe ? tr("You") : actorName(sale.next, sale.role));
    if (!sale.terminal && sale.deadlineMs != 0) who += QStringLiteral(" · ") + deadlineText(sale.deadlineMs);
    m_who->setText(who);
    m_who->setToolTip(exactMomentText(sale.deadlineMs));
    m_who->setVisible(!who.isEmpty());
}

void SalePage::showFacts(const api::SaleDetail& detail) {
    const Units& units = m_context.units();
    QStringList facts;
    if (!detail.fee.isZero()) facts << tr("Fee: %1").arg(units.text(detail.fee));
    if (!detail.holdback.isZero()) facts << tr("Held back until the sale is over: %1").arg(units.text(detail.holdback));
    if (detail.payee && !detail.mayNamePayee)
        facts << tr("Paid to: account %1, %2")
                     .arg(detail.payee->holder.value)
                     .arg(QString::fromStdString(detail.payee->name).simplified());
    if (!detail.refundTo.empty()) facts << tr("Coins that come back go to: %1").arg(plainLine(detail.refundTo));
    if (const api::DeliveryKind kind = detail.row.delivery; kind != api::DeliveryKind::SealedFile)
        facts << tr("Delivered: %1").arg(deliveryName(kind));
    if (const api::KeyWay way = detail.row.keyWay; way != api::KeyWay::TwoChannels)
        facts << tr("The key comes by: %1").arg(keyWayName(way));
    if (const api::FundingMode mode = detail.row.funding; mode != api::FundingMode::Fronted)
        facts << tr("The buyer pays: %1").arg(fundingName(mode));
    if (const api::EscrowAsset asset = detail.row.escrowAsset; asset != api::EscrowAsset::Dollars)
        facts << tr("In escrow until the seller is paid: %1").arg(escrowAssetName(asset));
    if (detail.converted) facts << tr("Sold of the coins: %1").arg(units.text(*detail.converted));
    if (!detail.keyServerWords.empty())
        facts << tr("Key server: %1").arg(QString::fromStdString(detail.keyServerWords));
    if (detail.oneServer) facts << tr("Coordinator and key server are one machine: whoever has it has both parts.");
    if (!detail.standbyWords.empty()) {
        const QString words = QString::fromStdString(detail.standbyWords);
        facts << (detail.standbyTookOver ? tr("Standby key server, which has taken over: %1").arg(words)
                                         : tr("Standby key server: %1").arg(words));
    }
    if (!detail.contract.isZero()) {
        QString hash = QString::fromStdString(detail.contract.hex());
        for (qsizetype at = 48; at > 0; at -= 16) hash.insert(at, u' '); // so that a narrow window can break it
        facts << tr("Contract: %1").arg(hash);
    }
    m_facts->setText(facts.join(u'\n'));
    m_facts->setVisible(!facts.isEmpty());
}

} // namespace tallylock::ui
