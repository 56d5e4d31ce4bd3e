#include "ui/welcome/RestorePage.h"

#include "ui/kit/Banner.h"
#include "ui/kit/Widgets.h"
#include "ui/welcome/Secrets.h"

#include <QComboBox>
#include <QCompleter>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>
#include <QStringListModel>

namespace tallylock::ui {

namespace {
constexpr int kMostWords = 24;
constexpr int kRestoreColumns = 4;
constexpr std::size_t kCompletions = 8;
} // namespace

RestorePage::RestorePage(api::Node& node, QWidget* parent)
    : WelcomePage(tr("Restore from a seed phrase"),
                  tr("Type the words in their order, in whatever language they are; a few letters of each are enough. "
                     "The whole phrase may also be pasted into the first field."),
                  parent),
      m_node(node),
      m_count(new QComboBox(this)),
      m_passphrase(new QLineEdit(this)) {
    for (const int count : {12, 15, 18, 21, 24}) m_count->addItem(tr("%1 words").arg(count), count);
    m_count->setAccessibleName(tr("Number of words"));
    auto* row = new QHBoxLayout;
    row->addWidget(m_count);
    row->addStretch(1);
    body()->addLayout(row);

    auto* grid = new QGridLayout;
    grid->setSpacing(space::kSmall);
    for (int i = 0; i < kMostWords; ++i) grid->addWidget(addWord(i + 1), i / kRestoreColumns, i % kRestoreColumns);
    body()->addLayout(grid);
    m_passphrase->setEchoMode(QLineEdit::Password);
    m_passphrase->setAccessibleName(tr("Passphrase of the phrase"));
    m_passphrase->setPlaceholderText(tr("mostly none"));
    m_passphrase->setToolTip(
        tr("Some phrases belong to a passphrase of their own; another one gives another identity."));
    auto* label = new QLabel(tr("&Passphrase of the phrase"), this);
    label->setBuddy(m_passphrase);
    auto* second = new QHBoxLayout;
    second->addWidget(label);
    second->addWidget(m_passphrase, 1);
    body()->addLayout(second);
    connect(m_passphrase, &QLineEdit::returnPressed, this, &RestorePage::check);
    connect(m_count, &QComboBox::currentIndexChanged, this, [this] { setCount(m_count->currentData().toInt()); });
    connect(addButtons(tr("&Continue"), tr("Continue")), &QPushButton::clicked, this, &RestorePage::check);
    setCount(m_shown);
}

QLineEdit* RestorePage::addWord(int number) {
    auto* field = new QLineEdit(this);
    field->setAccessibleName(tr("Word %1").arg(number));
    field->setPlaceholderText(QLocale().toString(number));
    field->setInputMethodHints(Qt::ImhSensitiveData | Qt::ImhNoPredictiveText | Qt::ImhLowercaseOnly);
    auto* completer = new QCompleter(new QStringListModel(field), field);
    completer->setCompletionMode(QCompleter::PopupCompletion);
    field->setCompleter(completer);
    const int index = number - 1;
    m_words.push_back(field);
    connect(field, &QLineEdit::textEdited, this, [this, index](const QString& text) { wordEdited(index, text); });
    connect(field, &QLineEdit::editingFinished, this, [this, index] { mark(index); });
    connect(field, &QLineEdit::returnPressed, this, [this, index] {
        if (index + 1 < m_shown)
            m_words[static_cast<std::size_t>(index) + 1]->setFocus();
        else
            m_passphrase->setFocus();
    });
    return field;
}

void RestorePage::setCount(int count) {
    m_shown = count;
    for (std::size_t i = 0; i < m_words.size(); ++i) {
        const bool shown = i < static_cast<std::size_t>(count);
        if (!shown) dropSecret(*m_words[i]);
        m_words[i]->setVisible(shown);
    }
}

void RestorePage::entered() { m_words.front()->setFocus(); }

void RestorePage::left() {
    for (QLineEdit* field : m_words) dropSecret(*field);
    dropSecret(*m_passphrase);
    banner()->clear();
}

void RestorePage::wordEdited(int index, const QString& text) {
    if (spread(index, text)) return;
    QLineEdit* field = m_words[static_cast<std::size_t>(index)];
    QStringList words;
    for (const auto& word : m_node.phraseWords(text.toStdString(), kCompletions))
        words.append(QString::fromStdString(word).normalized(QString::NormalizationForm_C));
    static_cast<QStringListModel*>(field->completer()->model())->setStringList(words);
    field->setPalette({});
    field->setToolTip({});
    banner()->clear();
}

/// Several words in one field go on into the fields after it.
bool RestorePage::spread(int index, const QString& text) {
    static const QRegularExpression kBlanks(QStringLiteral("\\s+"));
    const QStringList words = text.simplified().split(kBlanks, Qt::SkipEmptyParts);
    if (words.size() < 2) return false;
    if (const int choice = m_count->findData(static_cast<int>(words.size())); index == 0 && choice >= 0)
        m_count->setCurrentIndex(choice);
    for (qsizetype i = 0; i < words.size() && index + i < m_shown; ++i) {
        QLineEdit* field = m_words[static_cast<std::size_t>(index + i)];
        field->setText(words[i]);
        mark(static_cast<int>(index + i));
    }
    m_words[static_cast<std::size_t>(qMin<qsizetype>(index + words.size(), m_shown) - 1)]->setFocus();
    return true;
}

/// A field whose word is in no list is shown in red.
void RestorePage::mark(int index) {
    QLineEdit* field = m_words[static_cast<std::size_t>(index)];
    std::string word = field->text().toStdString();
    const bool known = field->text().trimmed().isEmpty() || m_node.isPhraseWord(word);
    wipe(word);
    QPalette palette;
    if (!known) palette.setColor(QPalette::Text, tintsOf(palette).bad);
    field->setPalette(palette);
    const QString what = known ? QString() : tr("This word is in no word list.");
    field->setToolTip(what);
    field->setAccessibleDescription(what);
}

SecretBytes RestorePage::joined() const {
    QByteArray all;
    all.reserve(kMostWords * 64); // so that it never moves and leaves a copy behind
    for (int i = 0; i < m_shown; ++i) {
        if (i > 0) all += ' ';
        QByteArray word = m_words[static_cast<std::size_t>(i)]->text().trimmed().toUtf8();
        all += word;
        wipe({reinterpret_cast<std::uint8_t*>(word.data()), static_cast<std::size_t>(word.size())});
    }
    return SecretBytes::takeFrom({reinterpret_cast<std::uint8_t*>(all.data()), static_cast<std::size_t>(all.size())});
}

void RestorePage::check() {
    for (int i = 0; i < m_shown; ++i) mark(i);
    for (int i = 0; i < m_shown; ++i) {
        QLineEdit* field = m_words[static_cast<std::size_t>(i)];
        if (!field->text().trimmed().isEmpty()) continue;
        banner()->refuse(tr("Word %1 is missing.").arg(i + 1));
        return field->setFocus();
    }
    SecretBytes phrase = joined();
    const auto fine = m_node.checkPhrase(phrase.view());
    if (!fine) {
        banner()->refuse(fine.error());
        const int position = QString::fromStdString(fine.error().detail).toInt();
        const bool aboutWord = fine.error().problem == api::Problem::PhraseWordUnknown ||
                               fine.error().problem == api::Problem::PhraseMixedLanguages;
        if (aboutWord && position >= 1 && position <= m_shown)
            m_words[static_cast<std::size_t>(position - 1)]->setFocus();
        return;
    }
    SecretBytes passphrase = takeSecret(*m_passphrase);
    emit phraseEntered(&phrase, &passphrase);
}

} // namespace tallylock::ui
