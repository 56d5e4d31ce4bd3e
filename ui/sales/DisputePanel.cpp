#include "ui/sales/DisputePanel.h"

#include "ui/kit/Ask.h"
#include "ui/kit/SaleText.h"
#include "ui/kit/TimeText.h"
#include "ui/kit/View.h"

#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QVBoxLayout>

namespace tallylock::ui {

static constexpr qsizetype kMostBytes = 2000; // of one statement
static constexpr int kTextLines = 4;

DisputePanel::DisputePanel(Context& context, Banner* banner, QWidget* parent)
    : Card(parent),
      m_context(context),
      m_banner(banner),
      m_heading(sectionHeading({}, this)),
      m_story(plainText({}, Rank::Normal, this)),
      m_statements(new QWidget(this)),
      m_form(new QWidget(this)),
      m_claims(new QWidget(m_form)),
      m_notAsDescribed(new QRadioButton(tr("It is not what was &described"), m_claims)),
      m_badData(new QRadioButton(tr("It does not &open, or is not what was sealed"), m_claims)),
      m_label(new QLabel(m_form)),
      m_text(new QPlainTextEdit(m_form)),
      m_send(new PrimaryButton({}, m_form)),
      m_content(new PrimaryButton(tr("Everything is &fine"), this)),
      m_object(new QPushButton(tr("O&bject…"), this)) {
    setAccessibleName(tr("What was held back"));
    body()->addWidget(m_heading);
    body()->addWidget(m_story);
    auto* statements = new QVBoxLayout(m_statements);
    statements->setContentsMargins(0, 0, 0, 0);
    statements->setSpacing(space::kMedium);
    m_statements->setAccessibleName(tr("What was said"));
    body()->addWidget(m_statements);
    makeForm();
    body()->addWidget(m_form);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::kMedium);
    for (QPushButton* button : {m_content, m_object}) {
        button->setAutoDefault(false);
        row->addWidget(button);
    }
    row->addStretch(1);
    body()->addLayout(row);
    m_content->setAccessibleName(tr("Everything is fine"));
    m_object->setAccessibleName(tr("Object"));
    connect(m_content, &QPushButton::clicked, this, &DisputePanel::release);
    connect(m_object, &QPushButton::clicked, this, [this] { openForm(!m_formOpen); });
    hide();
}

void DisputePanel::makeForm() {
    auto* claims = new QVBoxLayout(m_claims);
    claims->setContentsMargins(0, 0, 0, 0);
    claims->addWidget(m_notAsDescribed);
    claims->addWidget(m_badData);
    m_notAsDescribed->setChecked(true);
    m_label->setBuddy(m_text);
    m_text->setAccessibleName(tr("Your statement"));
    m_text->setTabChangesFocus(true);
    m_text->setFixedHeight(m_text->fontMetrics().lineSpacing() * kTextLines + 2 * space::kMedium);
    m_send->setAutoDefault(false);
    m_send->setAccessibleName(tr("Send"));
    auto* column = new QVBoxLayout(m_form);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::kMedium);
    column->addWidget(m_claims);
    column->addWidget(m_label);
    column->addWidget(m_text);
    column->addWidget(m_send, 0, Qt::AlignLeft);
    connect(m_text, &QPlainTextEdit::textChanged, this, &DisputePanel::keepLength);
    connect(m_send, &QPushButton::clicked, this, &DisputePanel::submit);
}

void DisputePanel::setSale(const api::SaleDetail& detail) {
    if (detail.row.id != m_sale.row.id || detail.row.state != m_sale.row.state) {
        m_formOpen = false;
        m_text->clear();
    }
    m_sale = detail;
    setVisible(detail.mayObject || detail.dispute);
    if (detail.dispute)
        showDispute(*detail.dispute);
    else
        showObjection();
    m_statements->setVisible(detail.dispute.has_value());
    m_claims->setVisible(!detail.dispute);
    m_form->setVisible(detail.mayState || m_formOpen);
    m_content->setVisible(detail.inspectionEndsMs != 0 && detail.mayObject && !m_formOpen);
    m_object->setVisible(detail.mayObject);
    m_object->setText(m_formOpen ? tr("&Do not object") : tr("O&bject…"));
    showButtons();
}

void DisputePanel::showObjection() {
    const QString held = m_context.units().text(m_sale.holdback);
    m_heading->setText(tr("Look at what you bought"));
    setRaised(m_sale.inspectionEndsMs != 0);
    m_story->setText(m_sale.inspectionEndsMs != 0
                         ? tr("%1 of the price is held back from the seller until %2, for you to look at the file. If "
                              "something is wrong with it, object: then an arbiter decides who gets this money.")
                               .arg(held, momentText(m_sale.inspectionEndsMs))
                         : tr("%1 of the price is held back from the seller until you have opened the file. If that "
                              "fails, object: then the key server and an arbiter decide who gets this money.")
                               .arg(held));
    m_label->setText(tr("&What is wrong with it?"));
    m_send->setText(tr("&Send the objection"));
}

void DisputePanel::showDispute(const api::DisputeRow& dispute) {
    m_heading->setText(tr("Dispute about what was held back"));
    setRaised(m_sale.mayState);
    QStringList story;
    story << (dispute.claim == api::Claim::BadData
                  ? tr("The buyer says that the file does not open, or is not what was sealed.")
                  : tr("The buyer says that the file is not what was described."));
    if (dispute.foundBad) {
        story << (*dispute.foundBad ? tr("The key server has looked at the whole file, and agrees.")
                                    : tr("The key server has looked at the whole file, and found it sound."));
    }
    if (dispute.toBuyer) {
        story << verdictOf(dispute);
    } else {
        story << tr("The arbiter decides until %1. Until then both may say what they have to say.")
                     .arg(momentText(m_sale.row.deadlineMs));
    }
    m_story->setText(story.join(u' '));
    showStatements(dispute);
    m_label->setText(tr("Your st&atement"));
    m_send->setText(tr("&Say this"));
}

QString DisputePanel::verdictOf(const api::DisputeRow& dispute) const {
    const Units& units = m_context.units();
    const api::Amount toSeller{m_sale.holdback.value - dispute.toBuyer->value, dispute.toBuyer->unit};
    const QString who =
        dispute.decidedBy ? actorName(*dispute.decidedBy, m_sale.row.role) : tr("Nobody decided in time");
    return tr("%1: %2 to the buyer, %3 to the seller.").arg(who, units.text(*dispute.toBuyer), units.text(toSeller));
}

void DisputePanel::showStatements(const api::DisputeRow& dispute) {
    qDeleteAll(m_statements->findChildren<QWidget*>(Qt::FindDirectChildrenOnly));
    for (const api::SaidRow& said : dispute.statements) {
        auto* head = plainText(tr("%1, %2").arg(actorName(said.by, m_sale.row.role), momentText(said.timeMs)),
                               Rank::Muted, m_statements);
        head->setToolTip(exactMomentText(said.timeMs));
        m_statements->layout()->addWidget(head);
        auto* text = plainText(QString::fromStdString(said.text), Rank::Normal, m_statements);
        text->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_statements->layout()->addWidget(text);
        for (QWidget* line : {head, text}) line->show();
    }
}

void DisputePanel::openForm(bool open) {
    m_formOpen = open;
    setSale(m_sale);
    if (open) m_text->setFocus();
}

/// What is longer than may be sent is cut where it was typed or pasted, between two letters.
void DisputePanel::keepLength() {
    const QString typed = m_text->toPlainText();
    if (typed.toUtf8().size() > kMostBytes) {
        QString kept = typed;
        while (kept.toUtf8().size() > kMostBytes) kept.chop(kept.back().isLowSurrogate() ? 2 : 1);
        m_text->setPlainText(kept); // comes here again
        m_text->moveCursor(QTextCursor::End);
        return;
    }
    showButtons();
}

void DisputePanel::showButtons() {
    m_send->setEnabled(!m_busy && !m_text->toPlainText().trimmed().isEmpty());
    m_content->setEnabled(!m_busy);
    m_object->setEnabled(!m_busy);
}

void DisputePanel::submit() {
    const std::string text = m_text->toPlainText().trimmed().toStdString();
    const SaleId id = m_sale.row.id;
    if (m_sale.mayState) {
        return send([&](api::Done<void> done) { m_context.session().stateInDispute(id, text, std::move(done)); },
                    tr("Your statement was sent."));
    }
    const api::Claim claim = m_badData->isChecked() ? api::Claim::BadData : api::Claim::NotAsDescribed;
    send([&](api::Done<void> done) { m_context.session().raiseDispute(id, claim, text, std::move(done)); },
         tr("Your objection was sent. The seller is asked to answer."));
}

void DisputePanel::release() {
    send([&](api::Done<void> done) { m_context.session().releaseHoldback(m_sale.row.id, std::move(done)); },
         tr("The seller gets the rest of the price."));
}

void DisputePanel::send(const std::function<void(api::Done<void>)>& request, const QString& done) {
    m_busy = true;
    showButtons();
    request(askRaw(this, [this, done](api::Answer<void> answer) {
        m_busy = false;
        if (answer) {
            m_text->clear();
            m_banner->succeed(done);
        } else {
            m_banner->refuse(answer.error());
        }
        showButtons();
    }));
}

} // namespace tallylock::ui
