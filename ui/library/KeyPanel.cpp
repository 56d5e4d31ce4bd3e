#include "ui/library/KeyPanel.h"

#include "ui/kit/Ask.h"
#include "ui/kit/Facts.h"
#include "ui/kit/ProblemText.h"
#include "ui/kit/SaleText.h"
#include "ui/kit/View.h"
#include "ui/library/SecretWords.h"

#include <QCompleter>
#include <QGridLayout>
#include <QLineEdit>
#include <QRegularExpression>
#include <QStringListModel>
#include <QVBoxLayout>

namespace tallylock::ui {

static constexpr int kKeyWords = 12;
static constexpr int kKeyColumns = 4;
static constexpr std::size_t kKeyCompletions = 8;

KeyPanel::KeyPanel(Context& context, Banner* banner, QWidget* parent)
    : Card(parent),
      m_context(context),
      m_banner(banner),
      m_facts(new Facts(this)),
      m_fetch(new QPushButton(tr("&Fetch again"), this)),
      m_type(new QPushButton(tr("&Type the words…"), this)),
      m_show(new QPushButton(tr("S&how the words"), this)),
      m_secret(new SecretWords(this)),
      m_entry(makeWords()) {
    setAccessibleName(tr("The key"));
    body()->addWidget(sectionHeading(tr("The two parts of the key"), this));
    body()->addWidget(m_facts);
    auto* row = new QHBoxLayout;
    m_fetch->setToolTip(tr("Asks the key server for both parts again. It gives them to you for ever."));
    for (QPushButton* button : {m_fetch, m_type, m_show}) {
        button->setAutoDefault(false);
        row->addWidget(button);
    }
    m_fetch->setAccessibleName(tr("Fetch again"));
    m_type->setAccessibleName(tr("Type the words"));
    m_show->setAccessibleName(tr("Show the words"));
    row->addStretch(1);
    body()->addLayout(row);
    body()->addWidget(m_secret);
    body()->addWidget(m_entry);
    m_entry->hide();
    connect(m_fetch, &QPushButton::clicked, this, &KeyPanel::fetchAgain);
    connect(m_show, &QPushButton::clicked, this, &KeyPanel::showWords);
    connect(m_type, &QPushButton::clicked, this, [this] {
        m_entry->setVisible(!m_entry->isVisibleTo(this));
        if (m_entry->isVisibleTo(this)) m_words.front()->setFocus();
    });
}

QWidget* KeyPanel::makeWords() {
    auto* entry = new QWidget(this);
    auto* column = new QVBoxLayout(entry);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(
        plainText(tr("The second part as it was given to you: twelve words in their order. A few letters of "
                     "each are enough."),
                  Rank::Muted, entry));
    auto* grid = new QGridLayout;
    grid->setSpacing(space::kSmall);
    for (int i = 0; i < kKeyWords; ++i) grid->addWidget(addWord(i + 1), i / kKeyColumns, i % kKeyColumns);
    column->addLayout(grid);
    m_hint = plainText({}, Rank::Muted, entry);
    m_hint->setAccessibleName(tr("Check of the words"));
    column->addWidget(m_hint);
    m_take = new PrimaryButton(tr("&Use these words"), entry);
    m_take->setAccessibleName(tr("Use these words"));
    m_take->setAutoDefault(false);
    column->addWidget(m_take, 0, Qt::AlignLeft);
    connect(m_take, &QPushButton::clicked, this, &KeyPanel::enter);
    return entry;
}

QLineEdit* KeyPanel::addWord(int number) {
    auto* field = new QLineEdit(this);
    field->setAccessibleName(tr("Word %1").arg(number));
    field->setPlaceholderText(QLocale().toString(number));
    field->setInputMethodHints(Qt::ImhSensitiveData | Qt::ImhNoPredictiveText | Qt::ImhLowercaseOnly);
    auto* completer = new QCompleter(new QStringListModel(field), field);
    completer->setCompletionMode(QCompleter::PopupCompletion);
    field->setCompleter(completer);
    const auto index = static_cast<std::size_t>(number - 1);
    m_words.push_back(field);
    connect(field, &QLineEdit::textEdited, this, [this, index](const QString& text) { wordEdited(index, text); });
    connect(field, &QLineEdit::editingFinished, this, [this, index] { mark(index); });
    connect(field, &QLineEdit::returnPressed, this, [this, index] {
        if (index + 1 < m_words.size())
            m_words[index + 1]->setFocus();
        else
            enter();
    });
    return field;
}

void KeyPanel::setSale(SaleId sale, const std::vector<api::KeyPartRow>& parts) {
    if (sale != m_sale) dropWords();
    m_sale = sale;
    m_parts = parts;
    fill();
}

static QString partText(const api::KeyPartRow& part) {
    switch (part.state) {
    case api::PartState::Fits: return KeyPanel::tr("here, and it fits");
    case api::PartState::Wrong:
        return KeyPanel::tr("does not fit. Whose doing: %1. Nothing was unlocked; fetch it again.")
            .arg(blameText(part.blame));
    default: return KeyPanel::tr("on its way");
    }
}

void KeyPanel::fill() {
    m_facts->clear();
    bool second = false;
    for (const api::KeyPartRow& part : m_parts) {
        m_facts->add(part.part == 1 ? tr("Part 1, by the coordinator") : tr("Part 2, by the key server"),
                     partText(part));
        if (part.part == 2) second = part.state == api::PartState::Fits;
    }
    m_fetch->setEnabled(!m_asking);
    m_type->setVisible(!second);
    m_show->setVisible(second);
    m_show->setText(m_secret->isEmpty() ? tr("S&how the words") : tr("&Hide the words"));
    if (second) m_entry->hide();
    setVisible(!m_parts.empty());
}

void KeyPanel::fetchAgain() {
    m_asking = true;
    m_banner->clear();
    fill();
    using Rows = std::vector<api::KeyPartRow>;
    m_context.session().fetchKeysAgain(m_sale, askRaw(this, [this, sale = m_sale](api::Answer<Rows> answer) {
                                           m_asking = false;
                                           if (sale != m_sale) return fill();
                                           if (answer) m_parts = *answer;
                                           fill();
                                           if (!answer) return m_banner->refuse(answer.error());
                                           const bool fit =
                                               std::all_of(m_parts.begin(), m_parts.end(), [](const auto& part) {
                                                   return part.state == api::PartState::Fits;
                                               });
                                           if (fit)
                                               m_banner->succeed(tr("Both parts came again, and both fit."));
                                           else
                                               m_banner->tell(tr("Not both parts are here and fit. See below."));
                                           emit changed();
                                       }));
}

void KeyPanel::showWords() {
    if (!m_secret->isEmpty()) {
        m_secret->clear();
        return fill();
    }
    using Words = std::shared_ptr<const SecretBytes>;
    m_context.session().secondPasswordWords(m_sale, ask(this, m_banner, [this, sale = m_sale](const Words& words) {
                                                if (sale == m_sale) m_secret->setWords(words->clone());
                                                fill();
                                            }));
}

void KeyPanel::wordEdited(std::size_t index, const QString& text) {
    m_banner->clear();
    static const QRegularExpression kBlanks(QStringLiteral("\\s+"));
    const QStringList several = text.simplified().toLower().split(kBlanks, Qt::SkipEmptyParts);
    if (several.size() > 1) { // the words may be pasted into the first field
        for (qsizetype i = 0; i < several.size() && index + static_cast<std::size_t>(i) < m_words.size(); ++i) {
            m_words[index + static_cast<std::size_t>(i)]->setText(several[i]);
            mark(index + static_cast<std::size_t>(i));
        }
    } else {
        QStringList words;
        for (const auto& word : m_context.node().phraseWords(text.trimmed().toLower().toStdString(), kKeyCompletions))
            words.append(QString::fromStdString(word));
        static_cast<QStringListModel*>(m_words[index]->completer()->model())->setStringList(words);
        m_words[index]->setPalette({});
    }
    checkSum();
}

/// A word that is not in the list is shown in red.
void KeyPanel::mark(std::size_t index) {
    QLineEdit* field = m_words[index];
    const std::string word = field->text().trimmed().toLower().toStdString();
    const auto found = m_context.node().phraseWords(word, 1);
    const bool known = word.empty() || (!found.empty() && found.front() == word);
    QPalette palette;
    if (!known) palette.setColor(QPalette::Text, tintsOf(palette).bad);
    field->setPalette(palette);
    field->setAccessibleDescription(known ? QString() : tr("This word is not in the word list."));
}

SecretBytes KeyPanel::joined() const {
    QByteArray all;
    all.reserve(kKeyWords * 12); // so that it never moves and leaves a copy behind
    for (const QLineEdit* field : m_words) {
        if (!all.isEmpty()) all += ' ';
        QByteArray word = field->text().trimmed().toLower().toUtf8();
        all += word;
        wipe({reinterpret_cast<std::uint8_t*>(word.data()), static_cast<std::size_t>(word.size())});
    }
    return SecretBytes::takeFrom({reinterpret_cast<std::uint8_t*>(all.data()), static_cast<std::size_t>(all.size())});
}

/// Says, when all are there, whether they belong together.
void KeyPanel::checkSum() {
    const bool whole = std::none_of(m_words.begin(), m_words.end(),
                                    [](const QLineEdit* field) { return field->text().trimmed().isEmpty(); });
    if (!whole) return m_hint->clear();
    const SecretBytes phrase = joined();
    const auto fine = m_context.node().checkPhrase(phrase.view());
    m_hint->setText(fine ? tr("The words belong together.") : problemText(fine.error()));
}

void KeyPanel::enter() {
    for (std::size_t i = 0; i < m_words.size(); ++i) {
        mark(i);
        if (!m_words[i]->text().trimmed().isEmpty()) continue;
        m_banner->refuse(tr("Word %1 is missing.").arg(i + 1));
        return m_words[i]->setFocus();
    }
    m_take->setEnabled(false);
    m_context.session().enterSecondPassword(m_sale, joined(), askRaw(this, [this](api::Answer<void> answer) {
                                                m_take->setEnabled(true);
                                                if (!answer) return m_banner->refuse(answer.error());
                                                dropWords();
                                                m_entry->hide();
                                                m_banner->succeed(
                                                    tr("The words are this sale's. The second part is here."));
                                                emit changed();
                                            }));
}

void KeyPanel::dropWords() {
    m_secret->clear();
    for (QLineEdit* field : m_words) {
        QString text = field->text();
        field->clear();
        text.fill(u'\0');
        field->setPalette({});
    }
    m_hint->clear();
}

} // namespace tallylock::ui
