#include "ui/home/FirstSteps.h"

#include "ui/kit/Banner.h"
#include "ui/kit/PracticeMoney.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace tallylock::ui {

namespace {
constexpr int kMark = 26;
}

FirstSteps::FirstSteps(Context& context, Banner* banner, QWidget* parent) : Card(parent), m_context(context) {
    setAccessibleName(tr("First steps"));
    body()->addWidget(sectionHeading(tr("First steps"), this));
    body()->addWidget(plainText(tr("Try a whole sale here before you sell or buy anything real."), Rank::Muted, this));
    body()->addSpacing(space::kSmall);
    int number = 0;
    if (context.practice() && context.practice()->hasCounterparty()) {
        m_counterparty = addStep(++number, tr("Start the practice counterparty"),
                                 tr("It lists a sample file, buys what you list, and accepts your offers."),
                                 tr("Start counterparty"), true);
        connect(m_counterparty.button, &QPushButton::clicked, this,
                [this, banner] { startPracticeCounterparty(m_context, this, banner); });
    }
    if (context.practice()) {
        m_money = addStep(++number, tr("Add practice money"),
                          tr("Dollars and coins to try things with. They are worth nothing."), tr("Add practice money"),
                          true);
        connect(m_money.button, &QPushButton::clicked, this,
                [this, banner] { addPracticeMoney(m_context, this, banner); });
    }
    m_shop =
        addStep(++number, tr("Buy a file"), tr("Look round the shop and make an offer."), tr("Go to the shop"), false);
    connect(m_shop.button, &QPushButton::clicked, this, [this] { m_context.goTo(Place::Shop); });
    m_sell = addStep(++number, tr("Sell a file"),
                     tr("Pick a file of yours; it is encrypted on this machine and listed."), tr("Sell a file"), false);
    connect(m_sell.button, &QPushButton::clicked, this, [this] { m_context.goTo(Place::Sell); });
}

FirstSteps::Step FirstSteps::addStep(int number, const QString& title, const QString& text, const QString& action,
                                     bool primary) {
    Step step;
    auto* row = new QHBoxLayout;
    row->setSpacing(space::kMedium);
    step.mark = new Badge(QLocale().toString(number), Badge::Tone::Accent, this);
    step.mark->setFixedSize(kMark, kMark);
    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    QLabel* heading = plainText(title, Rank::Normal, this);
    setHeadingFont(heading, 1.0, true);
    words->addWidget(heading);
    words->addWidget(plainText(text, Rank::Muted, this));
    step.button = primary ? new PrimaryButton(action, this) : new QPushButton(action, this);
    step.button->setAccessibleName(action);
    step.button->setAutoDefault(false);
    step.button->setMinimumWidth(170);
    row->addWidget(step.mark, 0, Qt::AlignTop);
    row->addLayout(words, 1);
    row->addWidget(step.button, 0, Qt::AlignVCenter);
    body()->addLayout(row);
    body()->addSpacing(space::kSmall);
    return step;
}

void FirstSteps::setDone(Step& step, bool done) {
    if (!step.button || !done) return;
    static_cast<Badge*>(step.mark)->setTone(Badge::Tone::Good);
    step.mark->setText(QStringLiteral("✓"));
    step.mark->setAccessibleName(tr("Done"));
}

void FirstSteps::setMoney(bool there) { setDone(m_money, there); }
void FirstSteps::setListings(bool there) { setDone(m_counterparty, there); }

} // namespace tallylock::ui
