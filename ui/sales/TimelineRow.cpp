#include "ui/sales/TimelineRow.h"

#include "ui/kit/SaleText.h"
#include "ui/kit/TimeText.h"
#include "ui/kit/View.h"
#include "ui/kit/Widgets.h"

#include <QGridLayout>
#include <QPainter>

namespace tallylock::ui {

namespace {

constexpr int kMark = 22; // the circle on the line
constexpr int kMarkTop = 6;
constexpr int kTextLeft = kMark + space::kMedium;
constexpr qsizetype kHashDigits = 10;

} // namespace

TimelineRow::TimelineRow(int step, Context& context, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_step(step),
      m_title(plainText(stepTitle(step), Rank::Normal, this)),
      m_who(plainText({}, Rank::Muted, this)),
      m_time(plainText({}, Rank::Muted, this)),
      m_receipt(plainText({}, Rank::Muted, this)),
      m_grid(new QGridLayout(this)) {
    m_grid->setContentsMargins(kTextLeft, kMarkTop, 0, space::kMedium);
    m_grid->setHorizontalSpacing(space::kLarge);
    m_grid->setVerticalSpacing(2);
    m_time->setWordWrap(false);
    m_receipt->setWordWrap(false);
    m_who->setWordWrap(false);
    m_receipt->setFont(monospaceFont());
    m_receipt->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_grid->addWidget(m_title, 0, 0);
    m_grid->addWidget(m_time, 0, 1, Qt::AlignRight | Qt::AlignTop);
    m_grid->addWidget(m_who, 1, 0);
    m_grid->addWidget(m_receipt, 1, 1, Qt::AlignRight | Qt::AlignTop);
    m_grid->setColumnStretch(0, 1);
    setAccessibleName(tr("Step %1").arg(step));
}

void TimelineRow::setStep(const api::StepRow& step, const api::SaleRow& sale) {
    m_state = step.state;
    m_title->setText(stepTitle(m_step, sale));
    m_who->setText(actorName(step.actor, sale.role));
    const bool current = m_state == api::StepState::Current;
    setHeadingFont(m_title, 1.0, current);
    m_title->setEnabled(m_state != api::StepState::Waiting && m_state != api::StepState::Skipped);
    if (step.receipt) {
        m_time->setText(momentText(step.receipt->timeMs));
        m_time->setToolTip(exactMomentText(step.receipt->timeMs));
        const QString hash = QString::fromStdString(step.receipt->hash.hex());
        m_receipt->setText(hash.left(kHashDigits));
        m_receipt->setToolTip(tr("Receipt %1").arg(hash));
        if (m_shownReceipt != step.receipt->hash) showMoney(step.receipt->money);
        m_shownReceipt = step.receipt->hash;
    } else {
        m_time->setText(current ? tr("now") : QString());
        m_receipt->clear();
        showMoney({});
        m_shownReceipt = {};
    }
    describe(step);
    update();
}

void TimelineRow::showMoney(const std::vector<api::MoneyLeg>& legs) {
    delete m_money;
    m_money = nullptr;
    if (legs.empty()) return;
    m_money = new QWidget(this);
    auto* grid = new QGridLayout(m_money);
    grid->setContentsMargins(0, space::kTiny, 0, 0);
    grid->setHorizontalSpacing(space::kLarge);
    grid->setVerticalSpacing(0);
    int row = 0;
    for (const auto& leg : legs) {
        auto* account = new PlainLabel(QString::fromStdString(leg.account), Rank::Muted, m_money);
        auto* amount = plainText(m_context.units().signedText(leg.delta), Rank::Normal, m_money);
        amount->setWordWrap(false);
        grid->addWidget(account, row, 0);
        grid->addWidget(amount, row, 1, Qt::AlignRight);
        ++row;
    }
    grid->setColumnStretch(0, 1);
    m_grid->addWidget(m_money, 2, 0, 1, 2);
    m_money->show();
}

void TimelineRow::describe(const api::StepRow& step) {
    QString state;
    switch (step.state) {
    case api::StepState::Done: state = tr("done"); break;
    case api::StepState::Current: state = tr("next"); break;
    case api::StepState::Skipped: state = tr("not reached"); break;
    default: state = tr("waiting"); break;
    }
    setAccessibleDescription(m_title->text() + QStringLiteral(": ") + state);
}

void TimelineRow::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tints tints = tintsOf(palette());
    const bool done = m_state == api::StepState::Done;
    const bool current = m_state == api::StepState::Current;
    const bool rightToLeft = layoutDirection() == Qt::RightToLeft;
    const qreal left = rightToLeft ? width() - kMark - 1 : 1;
    const QRectF circle(left, kMarkTop - 2, kMark, kMark);

    painter.setPen(QPen(done ? tints.accent : tints.line, 2));
    const qreal middle = circle.center().x();
    if (m_step > 1) painter.drawLine(QPointF(middle, 0), QPointF(middle, circle.top()));
    if (m_step < kSaleSteps) painter.drawLine(QPointF(middle, circle.bottom()), QPointF(middle, height()));

    painter.setPen(QPen(done || current ? tints.accent : tints.line, current ? 2.5 : 1.5));
    painter.setBrush(done ? tints.accent : tints.card);
    painter.drawEllipse(circle.adjusted(1, 1, -1, -1));
    if (done) {
        painter.drawPixmap(QRectF(circle).adjusted(4, 4, -4, -4).topLeft(),
                           iconPixmap(QStringLiteral("check"), kMark - 8, tints.onAccent, devicePixelRatioF()));
        return;
    }
    QFont font = this->font();
    font.setPointSizeF(font.pointSizeF() * 0.85);
    if (current) font.setWeight(QFont::Bold);
    painter.setFont(font);
    painter.setPen(current ? tints.accent : tints.muted);
    painter.drawText(circle, Qt::AlignCenter, QLocale().toString(m_step));
}

} // namespace tallylock::ui
