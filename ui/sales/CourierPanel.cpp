#include "ui/sales/CourierPanel.h"

#include "ui/kit/Ask.h"
#include "ui/kit/Banner.h"
#include "ui/kit/PreviewPicture.h"
#include "ui/kit/TimeText.h"
#include "ui/kit/View.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTimer>
#include <QVBoxLayout>

namespace tallylock::ui {

using api::CourierFailure;
using api::CourierStage;
using api::PartTwoWay;
using api::SaleState;

static constexpr int kMostMailLetters = 254;
static constexpr int kPostLines = 5;
static constexpr int kAskAgainMs = 5000;

CourierPanel::CourierPanel(Context& context, Banner* banner, QWidget* parent)
    : Card(parent),
      m_context(context),
      m_banner(banner),
      m_way(new QComboBox(this)),
      m_mailLabel(new QLabel(tr("&Mail address"), this)),
      m_mail(new QLineEdit(this)),
      m_postLabel(new QLabel(tr("Postal &address, a few lines"), this)),
      m_post(new QPlainTextEdit(this)),
      m_save(new QPushButton(this)),
      m_state(plainText({}, Rank::Normal, this)),
      m_again(new QTimer(this)) {
    setAccessibleName(tr("Also send the second part"));
    body()->addWidget(sectionHeading(tr("Also send the second part"), this));
    body()->addWidget(plainText(
        tr("This app fetches the second part of the key by itself. The key server can send it to you besides, as "
           "twelve words. They open nothing without the first part. Only the key server learns the address, "
           "and keeps it; the coordinator does not."),
        Rank::Muted, this));
    makeForm();
    body()->addWidget(m_state);
    m_state->setAccessibleName(tr("What became of it"));
    m_again->setInterval(kAskAgainMs);
    connect(m_again, &QTimer::timeout, this, [this] {
        if (isVisible()) ask();
    });
    hide();
}

void CourierPanel::makeForm() {
    m_way->setAccessibleName(tr("How it is sent"));
    m_mail->setAccessibleName(tr("Mail address"));
    m_mail->setMaxLength(kMostMailLetters);
    m_mailLabel->setBuddy(m_mail);
    m_post->setAccessibleName(tr("Postal address"));
    m_post->setTabChangesFocus(true);
    m_post->setFixedHeight(m_post->fontMetrics().lineSpacing() * kPostLines + 2 * space::kMedium);
    m_postLabel->setBuddy(m_post);
    m_save->setAccessibleName(tr("Send it this way"));
    m_save->setAutoDefault(false);
    for (QWidget* widget :
         {static_cast<QWidget*>(m_way), static_cast<QWidget*>(m_mailLabel), static_cast<QWidget*>(m_mail),
          static_cast<QWidget*>(m_postLabel), static_cast<QWidget*>(m_post)})
        body()->addWidget(widget);
    body()->addWidget(m_save, 0, Qt::AlignLeft);
    const auto touched = [this] {
        m_isTouched = true;
        showForm();
    };
    connect(m_way, &QComboBox::activated, this, touched);
    connect(m_mail, &QLineEdit::textEdited, this, touched);
    connect(m_mail, &QLineEdit::returnPressed, m_save, &QPushButton::click);
    connect(m_post, &QPlainTextEdit::textChanged, this, touched);
    connect(m_save, &QPushButton::clicked, this, &CourierPanel::save);
}

/// From the wrapped key until the buyer has opened the file.
static bool mayWish(const api::SaleDetail& detail) {
    static constexpr SaleState kStates[] = {
        SaleState::KeyWrapped, SaleState::Ready,    SaleState::WalletOpen, SaleState::Seen,     SaleState::Funded,
        SaleState::Delivered,  SaleState::Escrowed, SaleState::SellerPaid, SaleState::KeySent1, SaleState::KeySent2};
    return detail.row.role == api::SaleRole::Buyer &&
           std::find(std::begin(kStates), std::end(kStates), detail.row.state) != std::end(kStates);
}

void CourierPanel::setSale(const api::SaleDetail& detail) {
    if (detail.row.id != m_sale) {
        m_isTouched = false;
        m_isBusy = false;
        m_row = {};
        hide();
    }
    m_sale = detail.row.id;
    m_isOut = detail.row.state == SaleState::KeySent2;
    m_mayWish = mayWish(detail);
    if (m_mayWish) return ask();
    m_again->stop();
    hide();
}

void CourierPanel::ask() {
    m_context.session().courier(m_sale, askRaw(this, [this, sale = m_sale](const api::Answer<api::CourierRow>& answer) {
                                    // Without an answer there is nothing to say: the app fetches the part in any case.
                                    if (answer && sale == m_sale && m_mayWish && !m_isBusy) showRow(*answer);
                                }));
}

void CourierPanel::showRow(const api::CourierRow& row) {
    m_row = row;
    setVisible(row.offersMail || row.offersCard || row.way != PartTwoWay::Endpoint);
    if (row.stage == CourierStage::Waiting)
        m_again->start();
    else
        m_again->stop();
    const auto wanted = static_cast<int>(m_isTouched ? chosenWay() : row.way);
    m_way->clear();
    m_way->addItem(tr("No, not besides"), static_cast<int>(PartTwoWay::Endpoint));
    if (row.offersMail || row.way == PartTwoWay::Mail)
        m_way->addItem(tr("By e-mail"), static_cast<int>(PartTwoWay::Mail));
    if (row.offersCard || row.way == PartTwoWay::Card)
        m_way->addItem(tr("By post, on paper"), static_cast<int>(PartTwoWay::Card));
    m_way->setCurrentIndex(std::max(0, m_way->findData(wanted)));
    if (!m_isTouched) {
        const QSignalBlocker quiet(m_post);
        const QString text = QString::fromStdString(row.address);
        m_mail->setText(row.way == PartTwoWay::Mail ? text : QString());
        m_post->setPlainText(row.way == PartTwoWay::Card ? text : QString());
    }
    showForm();
}

PartTwoWay CourierPanel::chosenWay() const { return static_cast<PartTwoWay>(m_way->currentData().toInt()); }

QString CourierPanel::address() const {
    switch (chosenWay()) {
    case PartTwoWay::Mail: return m_mail->text().trimmed();
    case PartTwoWay::Card: {
        QStringList lines;
        for (const QString& line : m_post->toPlainText().split(u'\n'))
            if (const QString kept = line.simplified(); !kept.isEmpty()) lines.append(kept);
        return lines.join(u'\n');
    }
    default: return {};
    }
}

bool CourierPanel::isNews() const {
    return chosenWay() != m_row.way || address() != QString::fromStdString(m_row.address);
}

void CourierPanel::showForm() {
    const PartTwoWay way = chosenWay();
    m_mailLabel->setVisible(way == PartTwoWay::Mail);
    m_mail->setVisible(way == PartTwoWay::Mail);
    m_postLabel->setVisible(way == PartTwoWay::Card);
    m_post->setVisible(way == PartTwoWay::Card);
    const bool isLetter = way != PartTwoWay::Endpoint;
    const bool again =
        isLetter && !isNews() && (m_row.stage == CourierStage::Sent || m_row.stage == CourierStage::Failed);
    m_save->setText(again ? tr("Send it a&gain") : isLetter ? tr("&Send it this way") : tr("Send &nothing besides"));
    m_save->setVisible(again || isNews());
    m_save->setEnabled(!m_isBusy && (!isLetter || !address().isEmpty()));
    m_state->setText(stateText());
}

static QString failureText(CourierFailure failure) {
    switch (failure) {
    case CourierFailure::Unreachable: return CourierPanel::tr("the mail server does not answer");
    case CourierFailure::NotTrusted: return CourierPanel::tr("the mail server's certificate is not to be trusted");
    case CourierFailure::LoginRefused: return CourierPanel::tr("the mail server refuses the key server's login");
    case CourierFailure::AddressRefused: return CourierPanel::tr("the mail server refuses this address");
    case CourierFailure::Refused: return CourierPanel::tr("the mail server refuses the mail");
    case CourierFailure::StoreFailed: return CourierPanel::tr("the card could not be written");
    default: return {};
    }
}

QString CourierPanel::stateText() const {
    const QString why = failureText(m_row.failure);
    switch (m_row.stage) {
    case CourierStage::Waiting:
        if (!why.isEmpty()) return tr("Not sent yet: %1. The key server tries again by itself.").arg(why);
        return m_isOut ? tr("It is being sent.") : tr("It is sent once the seller has been paid.");
    case CourierStage::Sent:
        return m_row.way == PartTwoWay::Mail ? tr("The mail server took it: %1.").arg(exactMomentText(m_row.timeMs))
                                             : tr("Written for the post: %1.").arg(exactMomentText(m_row.timeMs));
    case CourierStage::Failed: return tr("Given up: %1. This app fetches the second part all the same.").arg(why);
    default: return tr("Nothing is sent besides.");
    }
}

void CourierPanel::save() {
    m_isBusy = true;
    m_banner->clear();
    showForm();
    m_context.session().setCourier(m_sale, chosenWay(), address().toStdString(),
                                   askRaw(this, [this, sale = m_sale](const api::Answer<api::CourierRow>& answer) {
                                       if (sale != m_sale) return;
                                       m_isBusy = false;
                                       if (!answer) { // what was typed stays
                                           m_banner->refuse(answer.error());
                                           return showForm();
                                       }
                                       m_isTouched = false;
                                       showRow(*answer);
                                   }));
}

} // namespace tallylock::ui
