<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
<context>
    <name>AddressModel</name>
    <message>
        <source>From %1</source>
        <translation>Ab %1</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Jetzt</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Bezeichnung</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>Einheit</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Usable</source>
        <translation>Nutzbar</translation>
    </message>
</context>
<context>
    <name>BalanceModel</name>
    <message>
        <source>Available</source>
        <translation>Verfügbar</translation>
    </message>
    <message>
        <source>Held</source>
        <translation>Gebunden</translation>
    </message>
    <message>
        <source>Held for open orders and sales: yours, but not to be spent twice.</source>
        <translation>Gebunden für offene Aufträge und Verkäufe: Ihr Geld, das nicht zweimal ausgegeben werden kann.</translation>
    </message>
    <message>
        <source>Seen on its way in, not yet final.</source>
        <translation>Unterwegs gesehen, noch nicht endgültig.</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>Einheit</translation>
    </message>
    <message>
        <source>Pending</source>
        <translation>Erwartet</translation>
    </message>
</context>
<context>
    <name>BookModel</name>
    <message>
        <source>Spread</source>
        <translation>Spanne</translation>
    </message>
    <message>
        <source>One side only</source>
        <translation>Nur eine Seite</translation>
    </message>
    <message>
        <source>You have an order at this price.</source>
        <translation>Sie haben einen Auftrag zu diesem Preis.</translation>
    </message>
    <message>
        <source>Price %1</source>
        <translation>Preis %1</translation>
    </message>
    <message>
        <source>Quantity %1</source>
        <translation>Menge %1</translation>
    </message>
    <message>
        <source>Sum</source>
        <translation>Summe</translation>
    </message>
    <message>
        <source>With the order that you are writing.</source>
        <translation>Mit dem Auftrag, den Sie gerade schreiben.</translation>
    </message>
    <message>
        <source>The order that you are writing would trade here.</source>
        <translation>Der Auftrag, den Sie gerade schreiben, würde hier ausgeführt.</translation>
    </message>
</context>
<context>
    <name>DeliveryTexts</name>
    <message>
        <source>The sealed file is here, and every portion was checked.</source>
        <translation>Die versiegelte Datei ist da, und jeder Abschnitt wurde geprüft.</translation>
    </message>
    <message>
        <source>%1 came from the seller&apos;s app, %2 from the file store.</source>
        <translation>%1 kamen von der App des Verkäufers, %2 aus dem Dateispeicher.</translation>
    </message>
    <message>
        <source>It came from the seller&apos;s app.</source>
        <translation>Sie kam von der App des Verkäufers.</translation>
    </message>
    <message>
        <source>It came from the file store.</source>
        <translation>Sie kam aus dem Dateispeicher.</translation>
    </message>
    <message>
        <source>%1 of %2 of the sealed file are here and checked.</source>
        <translation>%1 von %2 der versiegelten Datei sind da und geprüft.</translation>
    </message>
    <message>
        <source>The seller&apos;s app does not give the rest: %1</source>
        <translation>Die App des Verkäufers gibt den Rest nicht her: %1</translation>
    </message>
    <message>
        <source>The file store does not give the rest: %1</source>
        <translation>Der Dateispeicher gibt den Rest nicht her: %1</translation>
    </message>
    <message>
        <source>This computer cannot take in the rest: %1</source>
        <translation>Dieser Computer kann den Rest nicht aufnehmen: %1</translation>
    </message>
    <message>
        <source>It is tried again by itself.</source>
        <translation>Es wird von selbst wieder versucht.</translation>
    </message>
    <message>
        <source>Receiving the sealed file from the seller&apos;s app: %1 of %2.</source>
        <translation>Die versiegelte Datei kommt von der App des Verkäufers: %1 von %2.</translation>
    </message>
    <message>
        <source>Receiving the sealed file from the file store: %1 of %2.</source>
        <translation>Die versiegelte Datei kommt aus dem Dateispeicher: %1 von %2.</translation>
    </message>
</context>
<context>
    <name>FillModel</name>
    <message>
        <source>%1 from %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>Executed</source>
        <translation>Ausgeführt</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>Gespeichert</translation>
    </message>
    <message>
        <source>Instruction %1, %2
Hash %3</source>
        <translation>Anweisung %1, %2
Hash %3</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>Nr.</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>Preis</translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation>Menge</translation>
    </message>
    <message>
        <source>Amount</source>
        <translation>Betrag</translation>
    </message>
    <message>
        <source>Bought</source>
        <translation>Gekauft</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
</context>
<context>
    <name>HistoryTexts</name>
    <message>
        <source>The coordinator has changed its history: what it signed before is gone.</source>
        <translation>Der Koordinator hat seine Geschichte geändert: Was er früher unterschrieben hat, fehlt.</translation>
    </message>
    <message>
        <source>The coordinator has lost the end of its history.</source>
        <translation>Der Koordinator hat das Ende seiner Geschichte verloren.</translation>
    </message>
    <message>
        <source>The coordinator tells the past of this account otherwise than before.</source>
        <translation>Der Koordinator erzählt die Vergangenheit dieses Kontos anders als zuvor.</translation>
    </message>
    <message>
        <source>Something that the coordinator told this account is not in its history.</source>
        <translation>Etwas, das der Koordinator diesem Konto mitgeteilt hat, steht nicht in seiner Geschichte.</translation>
    </message>
    <message>
        <source>The coordinator has not counted this account rightly among what it owes.</source>
        <translation>Der Koordinator hat dieses Konto bei dem, was er schuldet, nicht richtig mitgezählt.</translation>
    </message>
    <message>
        <source>Somebody gave an account of the history that the coordinator did not sign.</source>
        <translation>Jemand hat eine Geschichte vorgelegt, die der Koordinator nicht unterschrieben hat.</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>Pay nothing in, and ask the operator. What was signed is kept in this profile (%1).</source>
        <translation>Zahlen Sie nichts ein, und fragen Sie den Betreiber. Was unterschrieben war, ist in diesem Profil aufbewahrt (%1).</translation>
    </message>
    <message>
        <source>The coordinator&apos;s history has not been checked yet.</source>
        <translation>Die Geschichte des Koordinators wurde noch nicht geprüft.</translation>
    </message>
    <message>
        <source>At the end of %1 (UTC) the coordinator owed %2 to all accounts; this one was counted with %3.</source>
        <translation>Am Ende des %1 (UTC) schuldete der Koordinator allen Konten zusammen %2; dieses wurde mit %3 gezählt.</translation>
    </message>
    <message>
        <source>Events of this account that are being looked up in the coordinator&apos;s history: %1</source>
        <translation>Ereignisse dieses Kontos, die gerade in der Geschichte des Koordinators nachgeschlagen werden: %1</translation>
    </message>
    <message>
        <source>Checked %1. The coordinator&apos;s history goes on from what it signed before, and everything that it told this account is in it (batches: %2, events of this account: %3).</source>
        <translation>Geprüft: %1. Die Geschichte des Koordinators setzt fort, was er früher unterschrieben hat, und alles, was er diesem Konto mitgeteilt hat, steht darin (Stapel: %2, Ereignisse dieses Kontos: %3).</translation>
    </message>
</context>
<context>
    <name>IncomingModel</name>
    <message>
        <source>Pending, %1 of %2 confirmations</source>
        <translation>Erwartet, %1 von %2 Bestätigungen</translation>
    </message>
    <message>
        <source>Credited</source>
        <translation>Gutgeschrieben</translation>
    </message>
    <message>
        <source>In suspense: the coordinator looks into it</source>
        <translation>Ungeklärt: der Koordinator prüft es</translation>
    </message>
    <message>
        <source>Taken back</source>
        <translation>Zurückgenommen</translation>
    </message>
    <message>
        <source>Transaction %1, output %2</source>
        <translation>Transaktion %1, Ausgang %2</translation>
    </message>
    <message>
        <source>Amount</source>
        <translation>Betrag</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>Einheit</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Paid to</source>
        <translation>Gezahlt an</translation>
    </message>
    <message>
        <source>Rail</source>
        <translation>Zahlungsweg</translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation>Transaktion</translation>
    </message>
</context>
<context>
    <name>LibraryModel</name>
    <message>
        <source>On its way</source>
        <translation>Unterwegs</translation>
    </message>
    <message>
        <source>Ready to unlock</source>
        <translation>Bereit zum Entsperren</translation>
    </message>
    <message>
        <source>Unlocked</source>
        <translation>Entsperrt</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>Yours, kept elsewhere</source>
        <translation>Ihr Gut, liegt woanders</translation>
    </message>
</context>
<context>
    <name>ListingModel</name>
    <message>
        <source>Yours</source>
        <translation>Ihres</translation>
    </message>
    <message>
        <source>Taken</source>
        <translation>Vergeben</translation>
    </message>
    <message>
        <source>%1, %2, from %3. %4</source>
        <translation>%1, %2, von %3. %4</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
</context>
<context>
    <name>OrderModel</name>
    <message>
        <source>Placed</source>
        <translation>Gegeben</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>Seite</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>Preis</translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation>Menge</translation>
    </message>
    <message>
        <source>Filled</source>
        <translation>Ausgeführt</translation>
    </message>
    <message>
        <source>Order %1, placed %2
Filled for %3, fees %4</source>
        <translation>Auftrag %1, erteilt %2
Ausgeführt für %3, Gebühren %4</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stopp</translation>
    </message>
    <message>
        <source>Average</source>
        <translation>Schnitt</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Average price %1</source>
        <translation>Schnittpreis %1</translation>
    </message>
</context>
<context>
    <name>OrderTexts</name>
    <message>
        <source>Buy</source>
        <translation>Kaufen</translation>
    </message>
    <message>
        <source>Sell</source>
        <translation>Verkaufen</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>Limit</translation>
    </message>
    <message>
        <source>Immediate or cancel</source>
        <translation>Sofort oder streichen</translation>
    </message>
    <message>
        <source>Fill or kill</source>
        <translation>Ganz oder gar nicht</translation>
    </message>
    <message>
        <source>Post only</source>
        <translation>Nur ins Buch</translation>
    </message>
    <message>
        <source>Market</source>
        <translation>Markt</translation>
    </message>
    <message>
        <source>Stop limit</source>
        <translation>Stopp-Limit</translation>
    </message>
    <message>
        <source>Trades at your price or better; what is left stays in the book.</source>
        <translation>Wird zu Ihrem Preis oder besser ausgeführt; der Rest bleibt im Buch.</translation>
    </message>
    <message>
        <source>Trades what it can at once; the rest is cancelled.</source>
        <translation>Wird sofort so weit wie möglich ausgeführt; der Rest wird gestrichen.</translation>
    </message>
    <message>
        <source>Trades wholly at once, or not at all.</source>
        <translation>Wird sofort ganz ausgeführt oder gar nicht.</translation>
    </message>
    <message>
        <source>Only goes into the book; refused if it would trade at once.</source>
        <translation>Geht nur ins Buch; abgelehnt, wenn er sofort ausgeführt würde.</translation>
    </message>
    <message>
        <source>Trades at once at the best prices there are; the rest is cancelled.</source>
        <translation>Wird sofort zu den besten Preisen ausgeführt; der Rest wird gestrichen.</translation>
    </message>
    <message>
        <source>Waits until a trade reaches the stop price; then it is a limit order.</source>
        <translation>Wartet, bis ein Handel den Stopp-Preis erreicht; dann ist er ein Limit-Auftrag.</translation>
    </message>
    <message>
        <source>Trade with them</source>
        <translation>Mit ihnen handeln</translation>
    </message>
    <message>
        <source>Cancel this one</source>
        <translation>Diesen streichen</translation>
    </message>
    <message>
        <source>Cancel the older</source>
        <translation>Den älteren streichen</translation>
    </message>
    <message>
        <source>Cancel both</source>
        <translation>Beide streichen</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Offen</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Filled</source>
        <translation>Ausgeführt</translation>
    </message>
    <message>
        <source>Nothing left to trade with</source>
        <translation>Kein Gegenauftrag mehr</translation>
    </message>
    <message>
        <source>Met an own order</source>
        <translation>Traf eigenen Auftrag</translation>
    </message>
    <message>
        <source>Dead-man switch</source>
        <translation>Totmannschalter</translation>
    </message>
    <message>
        <source>Connection ended</source>
        <translation>Verbindung beendet</translation>
    </message>
    <message>
        <source>Outside the collar</source>
        <translation>Außerhalb der Preisgrenzen</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Gestrichen</translation>
    </message>
</context>
<context>
    <name>PayoutModel</name>
    <message>
        <source>Waits for approval</source>
        <translation>Wartet auf Freigabe</translation>
    </message>
    <message>
        <source>Approved</source>
        <translation>Freigegeben</translation>
    </message>
    <message>
        <source>Being paid</source>
        <translation>Wird gezahlt</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Gesendet</translation>
    </message>
    <message>
        <source>Refused by the rail</source>
        <translation>Vom Zahlungsweg abgelehnt</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Gestrichen</translation>
    </message>
    <message>
        <source>Expired</source>
        <translation>Abgelaufen</translation>
    </message>
    <message>
        <source>User %1</source>
        <translation>Nutzer %1</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>Payout %1, asked for %2</source>
        <translation>Auszahlung %1, beantragt %2</translation>
    </message>
    <message>
        <source>Approved by %1</source>
        <translation>Freigegeben von %1</translation>
    </message>
    <message>
        <source>Given up if not approved: %1</source>
        <translation>Verfällt ohne Freigabe: %1</translation>
    </message>
    <message>
        <source>Rail: %1</source>
        <translation>Zahlungsweg: %1</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>Nr.</translation>
    </message>
    <message>
        <source>Amount</source>
        <translation>Betrag</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>Einheit</translation>
    </message>
    <message>
        <source>Fee</source>
        <translation>Gebühr</translation>
    </message>
    <message>
        <source>To</source>
        <translation>An</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Approvals</source>
        <translation>Freigaben</translation>
    </message>
    <message>
        <source>Asked by</source>
        <translation>Beantragt von</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Wann</translation>
    </message>
    <message>
        <source>Refund of sale %1</source>
        <translation>Rückzahlung aus Verkauf %1</translation>
    </message>
</context>
<context>
    <name>PracticeTexts</name>
    <message>
        <source>%1 and %2 of practice money are on their way. They are worth nothing.</source>
        <translation>%1 und %2 Übungsgeld sind unterwegs. Sie sind nichts wert.</translation>
    </message>
    <message>
        <source>The practice counterparty is playing the other side now.</source>
        <translation>Die Übungs-Gegenseite spielt jetzt mit.</translation>
    </message>
</context>
<context>
    <name>ProblemTexts</name>
    <message>
        <source>A profile with this name exists already. Choose another name.</source>
        <translation>Ein Profil mit diesem Namen gibt es schon. Wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>A profile&apos;s name has 1 to 32 letters, digits, hyphens or underscores. Choose another name.</source>
        <translation>Der Name eines Profils hat 1 bis 32 Buchstaben, Ziffern, Binde- oder Unterstriche. Wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>There is no such profile here. Choose one from the list.</source>
        <translation>Dieses Profil gibt es hier nicht. Wählen Sie eines aus der Liste.</translation>
    </message>
    <message>
        <source>This profile is open already. Use its window, or close it there first.</source>
        <translation>Dieses Profil ist schon offen. Nehmen Sie sein Fenster, oder schließen Sie es dort zuerst.</translation>
    </message>
    <message>
        <source>This is not the passphrase of this profile. Type it again.</source>
        <translation>Das ist nicht die Passphrase dieses Profils. Geben Sie sie noch einmal ein.</translation>
    </message>
    <message>
        <source>The passphrase is too short. Use at least 8 characters.</source>
        <translation>Die Passphrase ist zu kurz. Verwenden Sie mindestens 8 Zeichen.</translation>
    </message>
    <message>
        <source>Word %1 is not in the word list. Check its spelling.</source>
        <translation>Wort %1 steht nicht in der Wortliste. Prüfen Sie die Schreibweise.</translation>
    </message>
    <message>
        <source>A seed phrase has 12, 15, 18, 21 or 24 words. Check that none is missing.</source>
        <translation>Eine Merkphrase hat 12, 15, 18, 21 oder 24 Wörter. Prüfen Sie, ob eines fehlt.</translation>
    </message>
    <message>
        <source>Word %1 is in no list together with the words before it. Check which language the phrase is in.</source>
        <translation>Wort %1 steht in keiner Liste zusammen mit den Wörtern davor. Prüfen Sie, in welcher Sprache die Merkphrase ist.</translation>
    </message>
    <message>
        <source>This is not valid text. Type it instead of pasting it.</source>
        <translation>Das ist kein gültiger Text. Tippen Sie ihn ein, statt ihn einzufügen.</translation>
    </message>
    <message>
        <source>The phrase&apos;s passphrase is too long to be kept here.</source>
        <translation>Die Passphrase der Merkphrase ist zu lang, um hier aufbewahrt zu werden.</translation>
    </message>
    <message>
        <source>The system&apos;s keychain cannot be used (%1). Unlock it, or use a passphrase instead.</source>
        <translation>Der Schlüsselbund des Systems ist nicht verfügbar (%1). Entsperren Sie ihn, oder nehmen Sie eine Passphrase.</translation>
    </message>
    <message>
        <source>The profile&apos;s entry in the system&apos;s keychain is missing. Restore the profile from its seed phrase under the same name.</source>
        <translation>Der Eintrag des Profils im Schlüsselbund des Systems fehlt. Stellen Sie das Profil aus der Merkphrase unter demselben Namen wieder her.</translation>
    </message>
    <message>
        <source>All words are known, but together they are not a seed phrase: a word is wrong or two are swapped.</source>
        <translation>Alle Wörter sind bekannt, ergeben zusammen aber keine Merkphrase: Ein Wort ist falsch, oder zwei sind vertauscht.</translation>
    </message>
    <message>
        <source>The profile&apos;s key file is damaged. Restore the profile from its seed phrase under a new name.</source>
        <translation>Die Schlüsseldatei des Profils ist beschädigt. Stellen Sie das Profil aus der Merkphrase unter neuem Namen wieder her.</translation>
    </message>
    <message>
        <source>This folder was written by a newer version. Start that version.</source>
        <translation>Dieser Ordner stammt von einer neueren Version. Starten Sie jene Version.</translation>
    </message>
    <message>
        <source>Another program works in this folder (%1). Close it first.</source>
        <translation>Ein anderes Programm arbeitet in diesem Ordner (%1). Schließen Sie es zuerst.</translation>
    </message>
    <message>
        <source>The stored data is damaged (%1). Nothing was changed; restore the folder from a backup.</source>
        <translation>Die gespeicherten Daten sind beschädigt (%1). Nichts wurde geändert; stellen Sie den Ordner aus einer Sicherung wieder her.</translation>
    </message>
    <message>
        <source>The file cannot be read (%1). Check that it exists and is yours to read.</source>
        <translation>Die Datei kann nicht gelesen werden (%1). Prüfen Sie, ob es sie gibt und Sie sie lesen dürfen.</translation>
    </message>
    <message>
        <source>The file is empty. Choose a file that has something in it.</source>
        <translation>Die Datei ist leer. Wählen Sie eine Datei mit Inhalt.</translation>
    </message>
    <message>
        <source>The file changed while it was being encrypted. Try again once it is finished.</source>
        <translation>Die Datei hat sich beim Verschlüsseln geändert. Versuchen Sie es noch einmal, wenn sie fertig ist.</translation>
    </message>
    <message>
        <source>The disk is full. Make room and try again.</source>
        <translation>Der Datenträger ist voll. Schaffen Sie Platz und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Cancelled. Nothing was changed.</source>
        <translation>Abgebrochen. Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>The end of the encrypted file is missing. Fetch it again.</source>
        <translation>Das Ende der verschlüsselten Datei fehlt. Holen Sie sie noch einmal.</translation>
    </message>
    <message>
        <source>The encrypted file is damaged (portion %1). Fetch it again.</source>
        <translation>Die verschlüsselte Datei ist beschädigt (Abschnitt %1). Holen Sie sie noch einmal.</translation>
    </message>
    <message>
        <source>This key does not open this file.</source>
        <translation>Dieser Schlüssel öffnet diese Datei nicht.</translation>
    </message>
    <message>
        <source>The listing&apos;s signed description is not valid. Do not buy it.</source>
        <translation>Die signierte Beschreibung des Angebots ist ungültig. Kaufen Sie es nicht.</translation>
    </message>
    <message>
        <source>This is not an amount. Use digits and one decimal sign.</source>
        <translation>Das ist kein Betrag. Verwenden Sie Ziffern und ein Komma.</translation>
    </message>
    <message>
        <source>The amount must not be negative.</source>
        <translation>Der Betrag darf nicht negativ sein.</translation>
    </message>
    <message>
        <source>The amount must be more than zero.</source>
        <translation>Der Betrag muss größer als null sein.</translation>
    </message>
    <message>
        <source>The amount is too large.</source>
        <translation>Der Betrag ist zu groß.</translation>
    </message>
    <message>
        <source>The amount has too many digits after the decimal sign.</source>
        <translation>Der Betrag hat zu viele Stellen nach dem Komma.</translation>
    </message>
    <message>
        <source>This listing does not exist any more.</source>
        <translation>Dieses Angebot gibt es nicht mehr.</translation>
    </message>
    <message>
        <source>This file is already being sold to somebody. Look for another edition.</source>
        <translation>Diese Datei wird schon an jemanden verkauft. Suchen Sie eine andere Ausgabe.</translation>
    </message>
    <message>
        <source>Another seller has registered this very file. It cannot be listed again.</source>
        <translation>Ein anderer Verkäufer hat genau diese Datei angemeldet. Sie kann nicht noch einmal angeboten werden.</translation>
    </message>
    <message>
        <source>This is your own listing. You cannot buy from yourself.</source>
        <translation>Das ist Ihr eigenes Angebot. Man kann nicht bei sich selbst kaufen.</translation>
    </message>
    <message>
        <source>The sealed file of this draft is not on this machine. Discard the draft and encrypt the file anew.</source>
        <translation>Die verschlüsselte Datei dieses Entwurfs liegt nicht auf diesem Rechner. Verwerfen Sie den Entwurf und verschlüsseln Sie die Datei neu.</translation>
    </message>
    <message>
        <source>The name is empty or too long. Use 1 to 120 characters.</source>
        <translation>Der Name ist leer oder zu lang. Verwenden Sie 1 bis 120 Zeichen.</translation>
    </message>
    <message>
        <source>Your minimum is above your bid. Lower the minimum or raise the bid.</source>
        <translation>Ihr Mindestpreis liegt über Ihrem Gebot. Senken Sie den Mindestpreis oder erhöhen Sie das Gebot.</translation>
    </message>
    <message>
        <source>The price must lie between the buyer&apos;s minimum and the bid.</source>
        <translation>Der Preis muss zwischen dem Mindestpreis des Käufers und dem Gebot liegen.</translation>
    </message>
    <message>
        <source>The expiry is not possible. Choose one of the times offered.</source>
        <translation>Diese Frist ist nicht möglich. Wählen Sie eine der angebotenen.</translation>
    </message>
    <message>
        <source>There is no such sale.</source>
        <translation>Diesen Verkauf gibt es nicht.</translation>
    </message>
    <message>
        <source>You are neither the buyer nor the seller of this sale.</source>
        <translation>Sie sind weder Käufer noch Verkäufer in diesem Verkauf.</translation>
    </message>
    <message>
        <source>An offer for this file has been accepted already. Nothing was changed.</source>
        <translation>Für diese Datei wurde schon ein Angebot angenommen. Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>The sale has moved on (%1), so this is not possible any more.</source>
        <translation>Der Verkauf ist schon weiter (%1), daher geht das nicht mehr.</translation>
    </message>
    <message>
        <source>The terms do not match what was agreed. Nothing was signed.</source>
        <translation>Die Bedingungen sind nicht die vereinbarten. Nichts wurde unterschrieben.</translation>
    </message>
    <message>
        <source>A signature is not valid. Nothing was changed.</source>
        <translation>Eine Signatur ist ungültig. Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>There is no payment to make at the moment.</source>
        <translation>Zurzeit ist nichts zu zahlen.</translation>
    </message>
    <message>
        <source>Both parts of the key are needed and have not both arrived yet. They come by themselves.</source>
        <translation>Beide Teile des Schlüssels werden gebraucht und sind noch nicht da. Sie kommen von selbst.</translation>
    </message>
    <message>
        <source>The key does not fit the file (%1). Keep both; you can complain with them.</source>
        <translation>Der Schlüssel passt nicht zur Datei (%1). Bewahren Sie beide auf; damit können Sie sich beschweren.</translation>
    </message>
    <message>
        <source>This pair is not traded here.</source>
        <translation>Dieses Paar wird hier nicht gehandelt.</translation>
    </message>
    <message>
        <source>The price must be a multiple of the price step.</source>
        <translation>Der Preis muss ein Vielfaches des Preisschritts sein.</translation>
    </message>
    <message>
        <source>The quantity must be a multiple of the quantity step.</source>
        <translation>Die Menge muss ein Vielfaches des Mengenschritts sein.</translation>
    </message>
    <message>
        <source>The order is too small. Raise the quantity.</source>
        <translation>Der Auftrag ist zu klein. Erhöhen Sie die Menge.</translation>
    </message>
    <message>
        <source>The order is too large. Split it.</source>
        <translation>Der Auftrag ist zu groß. Teilen Sie ihn.</translation>
    </message>
    <message>
        <source>This type of order does not go with the prices given. Check price and stop price.</source>
        <translation>Diese Auftragsart passt nicht zu den angegebenen Preisen. Prüfen Sie Preis und Auslösepreis.</translation>
    </message>
    <message>
        <source>The order would trade at once. Move its price away from the market.</source>
        <translation>Der Auftrag würde sofort ausgeführt. Setzen Sie den Preis weiter vom Markt weg.</translation>
    </message>
    <message>
        <source>The order cannot be filled wholly now. Nothing was bought or sold.</source>
        <translation>Der Auftrag kann jetzt nicht ganz ausgeführt werden. Es wurde nichts gekauft oder verkauft.</translation>
    </message>
    <message>
        <source>The price is too far from the market&apos;s. Move it closer.</source>
        <translation>Der Preis liegt zu weit vom Marktpreis entfernt. Setzen Sie ihn näher heran.</translation>
    </message>
    <message>
        <source>That much is filled already. Give more, or cancel the rest.</source>
        <translation>So viel ist schon ausgeführt. Geben Sie mehr an, oder stornieren Sie den Rest.</translation>
    </message>
    <message>
        <source>This market is halted. Orders can only be cancelled for now.</source>
        <translation>Dieser Markt ist angehalten. Aufträge können zurzeit nur storniert werden.</translation>
    </message>
    <message>
        <source>This order is no longer open.</source>
        <translation>Dieser Auftrag ist nicht mehr offen.</translation>
    </message>
    <message>
        <source>This order number has been used already. Leave it empty to get a new one.</source>
        <translation>Diese Auftragsnummer wurde schon verwendet. Lassen Sie sie leer, um eine neue zu bekommen.</translation>
    </message>
    <message>
        <source>There is not enough available money. Add some under Funds.</source>
        <translation>Es ist nicht genug Geld verfügbar. Zahlen Sie unter Geld etwas ein.</translation>
    </message>
    <message>
        <source>Your role does not permit this. Ask an administrator of the account.</source>
        <translation>Ihre Rolle erlaubt das nicht. Fragen Sie einen Verwalter des Kontos.</translation>
    </message>
    <message>
        <source>The account is frozen. Ask the coordinator why.</source>
        <translation>Das Konto ist eingefroren. Fragen Sie den Koordinator nach dem Grund.</translation>
    </message>
    <message>
        <source>This profile is registered already.</source>
        <translation>Dieses Profil ist schon angemeldet.</translation>
    </message>
    <message>
        <source>This key belongs to another user already.</source>
        <translation>Dieser Schlüssel gehört schon jemand anderem.</translation>
    </message>
    <message>
        <source>The coordinator does not know this profile yet. Wait a moment and try again.</source>
        <translation>Der Koordinator kennt dieses Profil noch nicht. Warten Sie kurz und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The node is busy. Try again in a moment.</source>
        <translation>Der Knoten ist beschäftigt. Versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>The node is stopping. Nothing was changed.</source>
        <translation>Der Knoten hält gerade an. Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>This view has not caught up yet. Try again in a moment.</source>
        <translation>Diese Ansicht ist noch nicht auf dem Stand. Versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>The node does not answer. Nothing is lost; try again later.</source>
        <translation>Der Knoten antwortet nicht. Nichts ist verloren; versuchen Sie es später noch einmal.</translation>
    </message>
    <message>
        <source>This request was made before with other contents. Start it anew.</source>
        <translation>Diese Anfrage gab es schon mit anderem Inhalt. Beginnen Sie neu.</translation>
    </message>
    <message>
        <source>The request was not understood. Nothing was changed.</source>
        <translation>Die Anfrage wurde nicht verstanden. Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>This is not available here.</source>
        <translation>Das gibt es hier nicht.</translation>
    </message>
    <message>
        <source>Something went wrong inside the program (%1). Nothing was changed; please report this.</source>
        <translation>Im Programm ist etwas schiefgegangen (%1). Nichts wurde geändert; bitte melden Sie das.</translation>
    </message>
    <message>
        <source>These twelve words do not belong to this sale. Nothing was changed.</source>
        <translation>Diese zwölf Wörter gehören nicht zu diesem Verkauf. Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>A spot check is possible once the key has been checked and until you pay.</source>
        <translation>Eine Stichprobe ist möglich, sobald der Schlüssel geprüft ist und bis Sie zahlen.</translation>
    </message>
    <message>
        <source>The file has fewer than 100 portions, so none of them may be opened before it is paid.</source>
        <translation>Die Datei hat weniger als 100 Portionen, deshalb darf keine davon geöffnet werden, bevor sie bezahlt ist.</translation>
    </message>
    <message>
        <source>The spot check failed (%1). Do not pay.</source>
        <translation>Die Stichprobe ist fehlgeschlagen (%1). Zahlen Sie nicht.</translation>
    </message>
    <message>
        <source>The file is too large for this. Go on without it.</source>
        <translation>Die Datei ist dafür zu groß. Gehen Sie ohne weiter.</translation>
    </message>
    <message>
        <source>The file breaks the rules of its format. Check that it opens elsewhere.</source>
        <translation>Die Datei verstößt gegen die Regeln ihres Formats. Prüfen Sie, ob sie sich anderswo öffnen lässt.</translation>
    </message>
    <message>
        <source>Reading the file took too long and was stopped.</source>
        <translation>Das Lesen der Datei dauerte zu lange und wurde beendet.</translation>
    </message>
    <message>
        <source>This cannot be done with this kind of file.</source>
        <translation>Das geht mit dieser Art von Datei nicht.</translation>
    </message>
    <message>
        <source>The file is signed or encrypted, so it must not be changed.</source>
        <translation>Die Datei ist signiert oder verschlüsselt und darf deshalb nicht geändert werden.</translation>
    </message>
    <message>
        <source>The file carries no tracking mark.</source>
        <translation>Die Datei trägt keine Markierung.</translation>
    </message>
    <message>
        <source>The account is not verified yet. Ask the coordinator.</source>
        <translation>Das Konto ist noch nicht geprüft. Fragen Sie den Koordinator.</translation>
    </message>
    <message>
        <source>The account is restricted: it may pay out what it has, but open nothing new.</source>
        <translation>Das Konto ist eingeschränkt: Vorhandenes darf ausgezahlt, aber nichts Neues begonnen werden.</translation>
    </message>
    <message>
        <source>Something in this information is missing, too long, or does not fit the rest.</source>
        <translation>An diesen Angaben fehlt etwas, ist etwas zu lang oder passt nicht zum Rest.</translation>
    </message>
    <message>
        <source>There is no such user or device.</source>
        <translation>Diesen Nutzer oder dieses Gerät gibt es nicht.</translation>
    </message>
    <message>
        <source>A user needs at least one role.</source>
        <translation>Ein Nutzer braucht mindestens eine Rolle.</translation>
    </message>
    <message>
        <source>Only an institution has several users.</source>
        <translation>Nur eine Institution hat mehrere Nutzer.</translation>
    </message>
    <message>
        <source>An account keeps at least one administrator with a device.</source>
        <translation>Ein Konto behält mindestens einen Verwalter mit einem Gerät.</translation>
    </message>
    <message>
        <source>There are too many of these already. Remove one first.</source>
        <translation>Davon gibt es schon zu viele. Entfernen Sie zuerst eines.</translation>
    </message>
    <message>
        <source>This is too new. It can be used when the waiting time is over.</source>
        <translation>Das ist zu neu. Es kann benutzt werden, wenn die Wartezeit vorbei ist.</translation>
    </message>
    <message>
        <source>This address cannot be used, or is in the address book already.</source>
        <translation>Diese Adresse ist nicht verwendbar oder steht schon im Adressbuch.</translation>
    </message>
    <message>
        <source>This payout or change has moved on, so this is not possible any more.</source>
        <translation>Diese Auszahlung oder Änderung ist schon weiter, das geht nicht mehr.</translation>
    </message>
    <message>
        <source>Somebody else must approve this: whoever asks cannot, and each user counts once.</source>
        <translation>Das muss jemand anders freigeben: nicht wer es verlangt, und jeder zählt nur einmal.</translation>
    </message>
    <message>
        <source>This is above the limit of the day.</source>
        <translation>Das überschreitet die Grenze des Tages.</translation>
    </message>
    <message>
        <source>These rules cannot be set: a value is wrong, or they ask for more treasurers than there are.</source>
        <translation>Diese Regeln sind nicht möglich: Ein Wert ist falsch, oder sie verlangen mehr Schatzmeister, als es gibt.</translation>
    </message>
    <message>
        <source>A one-time code is needed, and each counts once.</source>
        <translation>Ein Einmalcode wird gebraucht, und jeder zählt nur einmal.</translation>
    </message>
    <message>
        <source>The file is not as it was sold any more: something has altered it since it was unlocked. Unlock it again to have it as it was.</source>
        <translation>Die Datei ist nicht mehr so, wie sie verkauft wurde: Etwas hat sie seit dem Entsperren verändert. Entsperren Sie sie noch einmal, um sie wieder so zu haben.</translation>
    </message>
    <message>
        <source>This is not the code that your authenticator shows now, or it was used already.</source>
        <translation>Diesen Code zeigt Ihre Authenticator-App jetzt nicht, oder er ist schon verbraucht.</translation>
    </message>
    <message>
        <source>Too many wrong codes. The next one counts in %1 seconds.</source>
        <translation>Zu viele falsche Codes. Der nächste zählt in %1 Sekunden.</translation>
    </message>
    <message>
        <source>An authenticator is set up already. Changing it takes a code of it.</source>
        <translation>Es ist schon eine Authenticator-App eingerichtet. Um sie zu wechseln, braucht es einen Code von ihr.</translation>
    </message>
    <message>
        <source>This time is too short or too long.</source>
        <translation>Diese Zeit ist zu kurz oder zu lang.</translation>
    </message>
    <message>
        <source>There is no such rule, or a value of it is wrong.</source>
        <translation>Diese Regel gibt es nicht, oder ein Wert darin ist falsch.</translation>
    </message>
    <message>
        <source>This case is decided, or as you want it already.</source>
        <translation>Dieser Fall ist entschieden, oder schon so, wie Sie ihn wollen.</translation>
    </message>
    <message>
        <source>This withdrawal is being looked into. Nothing is lost.</source>
        <translation>Diese Auszahlung wird geprüft. Nichts ist verloren.</translation>
    </message>
    <message>
        <source>Nothing was held back in this sale, so there is nothing that could be decided about.</source>
        <translation>Bei diesem Verkauf wurde nichts einbehalten, also gibt es nichts zu entscheiden.</translation>
    </message>
    <message>
        <source>Say it in one to 2,000 characters.</source>
        <translation>Sagen Sie es in höchstens 2.000 Zeichen.</translation>
    </message>
    <message>
        <source>You have said all that you may in this dispute. It is for others to decide now.</source>
        <translation>Sie haben in diesem Streit gesagt, was Sie sagen dürfen. Nun entscheiden andere.</translation>
    </message>
    <message>
        <source>No account has this number and this name. Both are to be as its holder sees them.</source>
        <translation>Kein Konto hat diese Nummer und diesen Namen. Beide müssen so lauten, wie der Inhaber sie sieht.</translation>
    </message>
    <message>
        <source>Type the address as host:port, such as example.org:7340. Several are parted by commas.</source>
        <translation>Geben Sie die Adresse als Rechner:Port ein, etwa example.org:7340. Mehrere werden durch Kommas getrennt.</translation>
    </message>
    <message>
        <source>Nobody answers there (%1). Check the address, or try again later.</source>
        <translation>Dort antwortet niemand (%1). Prüfen Sie die Adresse, oder versuchen Sie es später wieder.</translation>
    </message>
    <message>
        <source>At %1 answers another server than should be there. Do not use it; ask whoever runs it.</source>
        <translation>Unter %1 antwortet ein anderer Server als der erwartete. Benutzen Sie ihn nicht; fragen Sie den Betreiber.</translation>
    </message>
    <message>
        <source>This quote holds no more. Look at the sale for the one that does.</source>
        <translation>Dieser Kurs gilt nicht mehr. Welcher gilt, steht beim Verkauf.</translation>
    </message>
    <message>
        <source>There is no answer yet. What you asked for is kept and sent by itself as soon as the node answers: do not ask for it again, look here later.</source>
        <translation>Es gibt noch keine Antwort. Was Sie wollten, ist aufbewahrt und wird von selbst gesendet, sobald der Knoten antwortet: Verlangen Sie es nicht noch einmal, sehen Sie später hier nach.</translation>
    </message>
    <message>
        <source>No authenticator is set up for you yet. Set one up in the menu File, One-time codes.</source>
        <translation>Für Sie ist noch keine Authenticator-App eingerichtet. Richten Sie eine im Menü Datei, Einmalcodes, ein.</translation>
    </message>
    <message>
        <source>No deposit of this name is in suspense, or not any more.</source>
        <translation>Keine ungeklärte Einzahlung trägt diesen Namen, oder keine mehr.</translation>
    </message>
</context>
<context>
    <name>SaleTexts</name>
    <message>
        <source>The buyer makes a signed offer</source>
        <translation>Der Käufer gibt ein unterschriebenes Gebot ab</translation>
    </message>
    <message>
        <source>The seller accepts the offer</source>
        <translation>Der Verkäufer nimmt das Gebot an</translation>
    </message>
    <message>
        <source>The seller hands the first password to the key server</source>
        <translation>Der Verkäufer gibt dem Schlüsselserver das erste Passwort</translation>
    </message>
    <message>
        <source>The key server checks the file and locks the first password with a second</source>
        <translation>Der Schlüsselserver prüft die Datei und verschließt das erste Passwort mit einem zweiten</translation>
    </message>
    <message>
        <source>Everything is ready: the price in coins is fixed</source>
        <translation>Alles ist bereit: Der Preis in Münzen steht fest</translation>
    </message>
    <message>
        <source>A wallet is opened for this payment</source>
        <translation>Für diese Zahlung wird eine Geldbörse eröffnet</translation>
    </message>
    <message>
        <source>The buyer pays into the wallet</source>
        <translation>Der Käufer zahlt ein</translation>
    </message>
    <message>
        <source>The payment is final and the sealed file is delivered</source>
        <translation>Die Zahlung ist endgültig, die versiegelte Datei wird geliefert</translation>
    </message>
    <message>
        <source>The seller&apos;s money is put into escrow</source>
        <translation>Das Geld des Verkäufers wird hinterlegt</translation>
    </message>
    <message>
        <source>Escrow pays the seller</source>
        <translation>Der Verkäufer wird aus der Hinterlegung bezahlt</translation>
    </message>
    <message>
        <source>The buyer&apos;s coins go to the second exchange</source>
        <translation>Die Münzen des Käufers gehen an die zweite Börse</translation>
    </message>
    <message>
        <source>The first part of the key is sent to the buyer</source>
        <translation>Der erste Teil des Schlüssels geht an den Käufer</translation>
    </message>
    <message>
        <source>The second part of the key is sent to the buyer</source>
        <translation>Der zweite Teil des Schlüssels geht an den Käufer</translation>
    </message>
    <message>
        <source>The buyer unlocks the file</source>
        <translation>Der Käufer öffnet die Datei</translation>
    </message>
    <message>
        <source>You</source>
        <translation>Sie</translation>
    </message>
    <message>
        <source>Buyer</source>
        <translation>Käufer</translation>
    </message>
    <message>
        <source>Seller</source>
        <translation>Verkäufer</translation>
    </message>
    <message>
        <source>Key server</source>
        <translation>Schlüsselserver</translation>
    </message>
    <message>
        <source>Coordinator</source>
        <translation>Koordinator</translation>
    </message>
    <message>
        <source>First exchange</source>
        <translation>Erste Börse</translation>
    </message>
    <message>
        <source>Escrow</source>
        <translation>Hinterlegung</translation>
    </message>
    <message>
        <source>Dollar exchange</source>
        <translation>Dollarbörse</translation>
    </message>
    <message>
        <source>Second exchange</source>
        <translation>Zweite Börse</translation>
    </message>
    <message>
        <source>The seller has your offer. You may withdraw it until it is accepted.</source>
        <translation>Der Verkäufer hat Ihr Angebot. Bis zur Annahme können Sie es zurückziehen.</translation>
    </message>
    <message>
        <source>The key is being checked and put away safely. You are asked to pay once that is done.</source>
        <translation>Der Schlüssel wird geprüft und sicher verwahrt. Danach werden Sie um Zahlung gebeten.</translation>
    </message>
    <message>
        <source>Pay the exact amount to the address. The key to this very file is already safe.</source>
        <translation>Zahlen Sie den genauen Betrag an die Adresse. Der Schlüssel zu genau dieser Datei ist schon sicher verwahrt.</translation>
    </message>
    <message>
        <source>Your payment was seen. It has to be confirmed before it counts.</source>
        <translation>Ihre Zahlung wurde gesehen. Sie zählt, sobald sie bestätigt ist.</translation>
    </message>
    <message>
        <source>You have paid. The seller is being paid from escrow.</source>
        <translation>Sie haben bezahlt. Der Verkäufer wird aus der Treuhand bezahlt.</translation>
    </message>
    <message>
        <source>The seller is paid. The two parts of the key are on their way to you.</source>
        <translation>Der Verkäufer ist bezahlt. Die beiden Teile des Schlüssels sind unterwegs zu Ihnen.</translation>
    </message>
    <message>
        <source>Both parts of the key have arrived. Unlock the file in your library.</source>
        <translation>Beide Teile des Schlüssels sind da. Entsperren Sie die Datei in der Bibliothek.</translation>
    </message>
    <message>
        <source>The file is yours.</source>
        <translation>Die Datei gehört Ihnen.</translation>
    </message>
    <message>
        <source>Your money is on its way back to you.</source>
        <translation>Ihr Geld ist auf dem Rückweg zu Ihnen.</translation>
    </message>
    <message>
        <source>Your money has been returned.</source>
        <translation>Ihr Geld ist zurück.</translation>
    </message>
    <message>
        <source>This sale ended before any money moved.</source>
        <translation>Dieser Verkauf endete, bevor Geld floss.</translation>
    </message>
    <message>
        <source>A buyer made an offer. Accept it or reject it.</source>
        <translation>Ein Käufer hat ein Angebot gemacht. Nehmen Sie es an oder lehnen Sie es ab.</translation>
    </message>
    <message>
        <source>The key server is checking that your key opens the file. Nothing to do for you.</source>
        <translation>Der Schlüsselserver prüft, ob Ihr Schlüssel die Datei öffnet. Sie müssen nichts tun.</translation>
    </message>
    <message>
        <source>The buyer is asked to pay.</source>
        <translation>Der Käufer wird um Zahlung gebeten.</translation>
    </message>
    <message>
        <source>The buyer&apos;s payment was seen. It has to be confirmed before it counts.</source>
        <translation>Die Zahlung des Käufers wurde gesehen. Sie zählt, sobald sie bestätigt ist.</translation>
    </message>
    <message>
        <source>The buyer has paid. Your money is being put into escrow and paid out.</source>
        <translation>Der Käufer hat bezahlt. Ihr Geld kommt in Treuhand und wird ausgezahlt.</translation>
    </message>
    <message>
        <source>You are paid. The buyer is receiving the key.</source>
        <translation>Sie sind bezahlt. Der Käufer erhält den Schlüssel.</translation>
    </message>
    <message>
        <source>Sold: you are paid and the buyer has the file.</source>
        <translation>Verkauft: Sie sind bezahlt, und der Käufer hat die Datei.</translation>
    </message>
    <message>
        <source>The buyer&apos;s money was returned. Your file stays sealed.</source>
        <translation>Der Käufer hat sein Geld zurück. Ihre Datei bleibt versiegelt.</translation>
    </message>
    <message>
        <source>Offered</source>
        <translation>Angeboten</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>Angenommen</translation>
    </message>
    <message>
        <source>Key deposited</source>
        <translation>Schlüssel hinterlegt</translation>
    </message>
    <message>
        <source>Key checked</source>
        <translation>Schlüssel geprüft</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>Waiting for payment</source>
        <translation>Wartet auf Zahlung</translation>
    </message>
    <message>
        <source>Payment seen</source>
        <translation>Zahlung gesehen</translation>
    </message>
    <message>
        <source>Paid</source>
        <translation>Bezahlt</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>Geliefert</translation>
    </message>
    <message>
        <source>In escrow</source>
        <translation>In Treuhand</translation>
    </message>
    <message>
        <source>Seller paid</source>
        <translation>Verkäufer bezahlt</translation>
    </message>
    <message>
        <source>First key part sent</source>
        <translation>Erster Schlüsselteil gesendet</translation>
    </message>
    <message>
        <source>Key sent</source>
        <translation>Schlüssel gesendet</translation>
    </message>
    <message>
        <source>Unlocked</source>
        <translation>Entsperrt</translation>
    </message>
    <message>
        <source>Completed</source>
        <translation>Abgeschlossen</translation>
    </message>
    <message>
        <source>Refunding</source>
        <translation>Wird erstattet</translation>
    </message>
    <message>
        <source>Refunded</source>
        <translation>Erstattet</translation>
    </message>
    <message>
        <source>Void</source>
        <translation>Nichtig</translation>
    </message>
    <message>
        <source>the seller</source>
        <translation>der Verkäufer</translation>
    </message>
    <message>
        <source>the file store</source>
        <translation>der Dateispeicher</translation>
    </message>
    <message>
        <source>the key server</source>
        <translation>der Schlüsselserver</translation>
    </message>
    <message>
        <source>the coordinator, or whoever carried it</source>
        <translation>der Koordinator oder wer immer ihn überbracht hat</translation>
    </message>
    <message>
        <source>nobody&apos;s, as far as can be told</source>
        <translation>niemand, soweit es sich sagen lässt</translation>
    </message>
    <message>
        <source>The seller asks for more than you bid. Bid again, or withdraw your offer. Nothing has been paid.</source>
        <translation>Der Verkäufer verlangt mehr als Ihr Gebot. Bieten Sie erneut, oder ziehen Sie Ihr Angebot zurück. Noch ist nichts gezahlt.</translation>
    </message>
    <message>
        <source>The key is lost. The whole price was paid back into your account.</source>
        <translation>Der Schlüssel ist verloren. Der ganze Preis wurde auf Ihr Konto zurückgezahlt.</translation>
    </message>
    <message>
        <source>You asked for more. The buyer bids again, or lets it be.</source>
        <translation>Sie haben mehr verlangt. Der Käufer bietet erneut oder lässt es.</translation>
    </message>
    <message>
        <source>You are paid, but for what was held back. The key server lost the key, and the buyer was paid back.</source>
        <translation>Sie sind bezahlt, bis auf den Einbehalt. Der Schlüsselserver hat den Schlüssel verloren, und der Käufer wurde entschädigt.</translation>
    </message>
    <message>
        <source>Waiting for the key server</source>
        <translation>Wartet auf den Schlüsselserver</translation>
    </message>
    <message>
        <source>Key lost</source>
        <translation>Schlüssel verloren</translation>
    </message>
    <message>
        <source>Counter-offer</source>
        <translation>Gegenangebot</translation>
    </message>
    <message>
        <source>You objected. The file is yours; who gets what was held back is being decided.</source>
        <translation>Sie haben beanstandet. Die Datei gehört Ihnen; wer den Einbehalt bekommt, wird entschieden.</translation>
    </message>
    <message>
        <source>The file is yours, and your objection was decided.</source>
        <translation>Die Datei gehört Ihnen, und über Ihre Beanstandung ist entschieden.</translation>
    </message>
    <message>
        <source>You are paid, but for what was held back: the buyer objects. Say how you see it.</source>
        <translation>Sie sind bezahlt, bis auf den Einbehalt: Der Käufer beanstandet etwas. Sagen Sie, wie Sie es sehen.</translation>
    </message>
    <message>
        <source>You are paid, and the buyer&apos;s objection was decided.</source>
        <translation>Sie sind bezahlt, und über die Beanstandung des Käufers ist entschieden.</translation>
    </message>
    <message>
        <source>Arbiter</source>
        <translation>Schiedsrichter</translation>
    </message>
    <message>
        <source>Disputed</source>
        <translation>Strittig</translation>
    </message>
    <message>
        <source>Decided</source>
        <translation>Entschieden</translation>
    </message>
    <message>
        <source>The key server is silent. The seller&apos;s app hands the key to the standby key server, if there is one. If the key does not come in time, you get the whole price back.</source>
        <translation>Der Schlüsselserver schweigt. Die App des Verkäufers gibt den Schlüssel dem Ersatz-Schlüsselserver, wenn es einen gibt. Kommt der Schlüssel nicht rechtzeitig, erhalten Sie den ganzen Preis zurück.</translation>
    </message>
    <message>
        <source>You are paid. The key server is silent, and the buyer still waits for the key. Keep this app open: it hands the key to the standby key server, if there is one.</source>
        <translation>Sie sind bezahlt. Der Schlüsselserver schweigt, und der Käufer wartet noch auf den Schlüssel. Lassen Sie diese App offen: Sie gibt den Schlüssel dem Ersatz-Schlüsselserver, wenn es einen gibt.</translation>
    </message>
    <message>
        <source>Standby key server</source>
        <translation>Ersatz-Schlüsselserver</translation>
    </message>
    <message>
        <source>Two ways, after the payment</source>
        <translation>Zwei Wege, nach der Zahlung</translation>
    </message>
    <message>
        <source>First part with the file</source>
        <translation>Erster Teil mit der Datei</translation>
    </message>
    <message>
        <source>One way, from the key server</source>
        <translation>Ein Weg, vom Schlüsselserver</translation>
    </message>
    <message>
        <source>The key comes in two parts over two ways. Whoever reads one of them has nothing.</source>
        <translation>Der Schlüssel kommt in zwei Teilen auf zwei Wegen. Wer einen davon mitliest, hat nichts.</translation>
    </message>
    <message>
        <source>The first part of the key comes with the sealed file. It opens nothing without the second, which comes once the seller is paid.</source>
        <translation>Der erste Teil des Schlüssels kommt mit der versiegelten Datei. Er öffnet nichts ohne den zweiten, der kommt, sobald der Verkäufer bezahlt ist.</translation>
    </message>
    <message>
        <source>Both parts of the key come from the key server, and none through the coordinator. Whoever reads this one way has the whole key.</source>
        <translation>Beide Teile des Schlüssels kommen vom Schlüsselserver, keiner über den Koordinator. Wer diesen einen Weg mitliest, hat den ganzen Schlüssel.</translation>
    </message>
    <message>
        <source>You have paid. The seller&apos;s app signs the asset over to you.</source>
        <translation>Sie haben bezahlt. Die App des Verkäufers überschreibt Ihnen das Gut.</translation>
    </message>
    <message>
        <source>The asset was signed over to you. The seller is being paid from escrow.</source>
        <translation>Das Gut ist Ihnen überschrieben. Der Verkäufer wird aus der Treuhand bezahlt.</translation>
    </message>
    <message>
        <source>Both parts of the key have arrived. This app checks the key and keeps it.</source>
        <translation>Beide Teile des Schlüssels sind da. Diese App prüft den Schlüssel und bewahrt ihn auf.</translation>
    </message>
    <message>
        <source>The asset is yours. The file stays where it is; your library opens it whenever you want.</source>
        <translation>Das Gut gehört Ihnen. Die Datei bleibt, wo sie ist; Ihre Bibliothek öffnet sie, wann immer Sie wollen.</translation>
    </message>
    <message>
        <source>The buyer has paid. Keep this app open: it signs the asset over to the buyer, by itself.</source>
        <translation>Der Käufer hat bezahlt. Lassen Sie diese App offen: Sie überschreibt dem Käufer das Gut von selbst.</translation>
    </message>
    <message>
        <source>Sold: you are paid, and the buyer has the asset and its key.</source>
        <translation>Verkauft: Sie sind bezahlt, und der Käufer hat das Gut und seinen Schlüssel.</translation>
    </message>
    <message>
        <source>The payment is final, and the seller signs the asset over</source>
        <translation>Die Zahlung ist endgültig, und der Verkäufer überschreibt das Gut</translation>
    </message>
    <message>
        <source>The buyer&apos;s app checks the key and keeps it</source>
        <translation>Die App des Käufers prüft den Schlüssel und bewahrt ihn auf</translation>
    </message>
    <message>
        <source>The sealed file</source>
        <translation>Die versiegelte Datei</translation>
    </message>
    <message>
        <source>Ownership only: the file stays where it is</source>
        <translation>Nur das Eigentum: Die Datei bleibt, wo sie ist</translation>
    </message>
    <message>
        <source>The sealed file comes into your library before the seller is paid.</source>
        <translation>Die versiegelte Datei kommt in Ihre Bibliothek, bevor der Verkäufer bezahlt wird.</translation>
    </message>
    <message>
        <source>The seller signs the asset over, and the buyer gets the key. The sealed file stays with whoever keeps it, and can be fetched and opened later, for as long as it is kept.</source>
        <translation>Der Verkäufer überschreibt das Gut, und der Käufer bekommt den Schlüssel. Die versiegelte Datei bleibt bei dem, der sie aufbewahrt, und kann später geholt und geöffnet werden, solange sie dort liegt.</translation>
    </message>
    <message>
        <source>The buyer&apos;s coins are sold, and the seller&apos;s money is put into escrow</source>
        <translation>Die Münzen des Käufers werden verkauft, und das Geld des Verkäufers wird hinterlegt</translation>
    </message>
    <message>
        <source>What is left of the coins goes back to the buyer</source>
        <translation>Was von den Münzen übrig ist, geht zurück an den Käufer</translation>
    </message>
    <message>
        <source>A fixed amount of coins</source>
        <translation>Eine feste Menge Münzen</translation>
    </message>
    <message>
        <source>As many coins as it takes on delivery</source>
        <translation>So viele Münzen, wie es bei der Lieferung braucht</translation>
    </message>
    <message>
        <source>The buyer pays a fixed amount of coins. What they fetch later is the house&apos;s risk.</source>
        <translation>Der Käufer zahlt eine feste Menge Münzen. Was sie später einbringen, ist das Risiko des Hauses.</translation>
    </message>
    <message>
        <source>The buyer&apos;s coins are sold at the market once the sale is delivered. A little more is paid in than is needed now, and what is left goes back to the buyer. If too little is bid for the coins in time, the buyer gets all of them back.</source>
        <translation>Die Münzen des Käufers werden am Markt verkauft, sobald geliefert ist. Eingezahlt wird etwas mehr, als es jetzt braucht, und was übrig bleibt, geht zurück an den Käufer. Wird rechtzeitig zu wenig für die Münzen geboten, erhält der Käufer sie alle zurück.</translation>
    </message>
    <message>
        <source>Orphaned</source>
        <translation>Verwaist</translation>
    </message>
    <message>
        <source>Nothing was heard of the coordinator for a long time (last: %1), and it may be gone for good. The sale was last known as: %2. Save the evidence and keep it: it proves what was agreed and paid, to anybody.</source>
        <translation>Vom Koordinator war lange nichts zu hören (zuletzt: %1); vielleicht ist er für immer fort. Der Verkauf war zuletzt: %2. Sichern Sie den Nachweis und heben Sie ihn auf: Er belegt jedem, was vereinbart und bezahlt wurde.</translation>
    </message>
    <message>
        <source>Sale %1</source>
        <translation>Verkauf %1</translation>
    </message>
    <message>
        <source>The seller is paid. If the proof of that has reached this app, it gets the key from the key server by itself.</source>
        <translation>Der Verkäufer ist bezahlt. Wenn der Beleg dafür diese App erreicht hat, holt sie den Schlüssel selbst beim Schlüsselserver.</translation>
    </message>
    <message>
        <source>The buyer&apos;s coins are put into escrow</source>
        <translation>Die Münzen des Käufers werden hinterlegt</translation>
    </message>
    <message>
        <source>The seller&apos;s money is put into escrow, in digital dollars</source>
        <translation>Das Geld des Verkäufers wird in digitalen Dollar hinterlegt</translation>
    </message>
    <message>
        <source>The coins are changed for dollars, and escrow pays the seller</source>
        <translation>Die Münzen werden in Dollar getauscht, und der Verkäufer wird aus der Hinterlegung bezahlt</translation>
    </message>
    <message>
        <source>They are changed for dollars, and escrow pays the seller</source>
        <translation>Sie werden in Dollar getauscht, und der Verkäufer wird aus der Hinterlegung bezahlt</translation>
    </message>
    <message>
        <source>Dollars</source>
        <translation>Dollar</translation>
    </message>
    <message>
        <source>Digital dollars</source>
        <translation>Digitale Dollar</translation>
    </message>
    <message>
        <source>The coins that were paid</source>
        <translation>Die bezahlten Münzen</translation>
    </message>
    <message>
        <source>The house puts the seller&apos;s dollars into escrow once the sale is delivered.</source>
        <translation>Das Haus gibt die Dollar des Verkäufers in Treuhand, sobald geliefert ist.</translation>
    </message>
    <message>
        <source>The house puts the price into escrow in digital dollars once the sale is delivered, and changes them for dollars, one for one, as the seller is paid.</source>
        <translation>Das Haus gibt den Preis in digitalen Dollar in Treuhand, sobald geliefert ist, und tauscht sie eins zu eins in Dollar, wenn der Verkäufer bezahlt wird.</translation>
    </message>
    <message>
        <source>The coins that were paid go into escrow as they are once the sale is delivered. The house gives the agreed dollars for them as the seller is paid.</source>
        <translation>Die bezahlten Münzen kommen so, wie sie sind, in Treuhand, sobald geliefert ist. Das Haus gibt die vereinbarten Dollar dafür, wenn der Verkäufer bezahlt wird.</translation>
    </message>
</context>
<context>
    <name>StatementModel</name>
    <message>
        <source>Deposit</source>
        <translation>Einzahlung</translation>
    </message>
    <message>
        <source>Trade</source>
        <translation>Handel</translation>
    </message>
    <message>
        <source>Fee</source>
        <translation>Gebühr</translation>
    </message>
    <message>
        <source>Payment for a sale</source>
        <translation>Zahlung für einen Kauf</translation>
    </message>
    <message>
        <source>Escrow of a sale</source>
        <translation>Treuhand eines Verkaufs</translation>
    </message>
    <message>
        <source>Paid out of a sale</source>
        <translation>Auszahlung eines Verkaufs</translation>
    </message>
    <message>
        <source>Coins of a sale moved</source>
        <translation>Münzen eines Verkaufs bewegt</translation>
    </message>
    <message>
        <source>Refund of a sale</source>
        <translation>Erstattung eines Verkaufs</translation>
    </message>
    <message>
        <source>Holdback of a sale</source>
        <translation>Einbehalt eines Verkaufs</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Entry</source>
        <translation>Buchung</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Änderung</translation>
    </message>
    <message>
        <source>Balance</source>
        <translation>Saldo</translation>
    </message>
    <message>
        <source>Payout</source>
        <translation>Auszahlung</translation>
    </message>
    <message>
        <source>Deposit taken back</source>
        <translation>Einzahlung zurückgenommen</translation>
    </message>
</context>
<context>
    <name>TimeTexts</name>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 min</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 Std.</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 Std. %2 min</translation>
    </message>
    <message>
        <source>%1 days</source>
        <translation>%1 Tage</translation>
    </message>
    <message>
        <source>overdue</source>
        <translation>überfällig</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>noch %1</translation>
    </message>
</context>
<context>
    <name>TradeModel</name>
    <message>
        <source>%1, taker: %2, %3</source>
        <translation>%1, Auslöser: %2, %3</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>Preis</translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation>Menge</translation>
    </message>
</context>
<context>
    <name>UserModel</name>
    <message>
        <source>Administrator</source>
        <translation>Verwalter</translation>
    </message>
    <message>
        <source>Users, devices, roles, limits, rules</source>
        <translation>Nutzer, Geräte, Rollen, Grenzen, Regeln</translation>
    </message>
    <message>
        <source>Trader</source>
        <translation>Händler</translation>
    </message>
    <message>
        <source>Orders and offers</source>
        <translation>Aufträge und Gebote</translation>
    </message>
    <message>
        <source>Treasurer</source>
        <translation>Schatzmeister</translation>
    </message>
    <message>
        <source>Deposits, payouts and their approval</source>
        <translation>Einzahlungen, Auszahlungen und ihre Freigabe</translation>
    </message>
    <message>
        <source>Auditor</source>
        <translation>Prüfer</translation>
    </message>
    <message>
        <source>Sees everything of the account</source>
        <translation>Sieht alles, was das Konto betrifft</translation>
    </message>
    <message>
        <source>Not yet verified</source>
        <translation>Noch nicht geprüft</translation>
    </message>
    <message>
        <source>Verified</source>
        <translation>Geprüft</translation>
    </message>
    <message>
        <source>Restricted</source>
        <translation>Eingeschränkt</translation>
    </message>
    <message>
        <source>Frozen</source>
        <translation>Gesperrt</translation>
    </message>
    <message>
        <source>%1 (you)</source>
        <translation>%1 (Sie)</translation>
    </message>
    <message>
        <source>None: can do nothing</source>
        <translation>Keine: kann nichts tun</translation>
    </message>
    <message>
        <source>Any</source>
        <translation>Beliebig</translation>
    </message>
    <message>
        <source>User %1</source>
        <translation>Nutzer %1</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Roles</source>
        <translation>Rollen</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Geräte</translation>
    </message>
    <message>
        <source>Most per order</source>
        <translation>Höchstens je Auftrag</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::AddressBook</name>
    <message>
        <source>Address book</source>
        <translation>Adressbuch</translation>
    </message>
    <message>
        <source>&amp;Add address</source>
        <translation>Adresse &amp;hinzufügen</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>No address yet. Money is only ever paid out to an address that stands here.</source>
        <translation>Noch keine Adresse. Ausgezahlt wird nur an Adressen, die hier stehen.</translation>
    </message>
    <message>
        <source>Unit of the address</source>
        <translation>Einheit der Adresse</translation>
    </message>
    <message>
        <source>Address or account</source>
        <translation>Adresse oder Konto</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Bezeichnung</translation>
    </message>
    <message>
        <source>Remove address</source>
        <translation>Adresse entfernen</translation>
    </message>
    <message>
        <source>Enter an address or account to pay to.</source>
        <translation>Geben Sie eine Adresse oder ein Konto an.</translation>
    </message>
    <message>
        <source>The address is in the book.</source>
        <translation>Die Adresse steht im Buch.</translation>
    </message>
    <message>
        <source>The address was removed.</source>
        <translation>Die Adresse wurde entfernt.</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::AmountField</name>
    <message>
        <source>An amount is needed here.</source>
        <translation>Hier wird ein Betrag gebraucht.</translation>
    </message>
    <message>
        <source>Problem with the amount</source>
        <translation>Fehler im Betrag</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::ApprovalsPanel</name>
    <message numerus="yes">
        <source>%n approval(s) by others</source>
        <translation>
            <numerusform>%n Freigabe durch andere</numerusform>
            <numerusform>%n Freigaben durch andere</numerusform>
        </translation>
    </message>
    <message>
        <source>What is new does not wait</source>
        <translation>Neues wartet nicht</translation>
    </message>
    <message>
        <source>What is new waits %1</source>
        <translation>Neues wartet %1</translation>
    </message>
    <message>
        <source>A user a day at most %1</source>
        <translation>Ein Nutzer am Tag höchstens %1</translation>
    </message>
    <message>
        <source>All users a day at most %1</source>
        <translation>Alle Nutzer am Tag höchstens %1</translation>
    </message>
    <message>
        <source>Hold to approve the rules</source>
        <translation>Gedrückt halten: Regeln freigeben</translation>
    </message>
    <message>
        <source>Change of the rules</source>
        <translation>Änderung der Regeln</translation>
    </message>
    <message>
        <source>Approve the rules</source>
        <translation>Regeln freigeben</translation>
    </message>
    <message>
        <source>No change of the rules is under way.</source>
        <translation>Es ist keine Änderung der Regeln unterwegs.</translation>
    </message>
    <message>
        <source>Approved; begins: %1</source>
        <translation>Freigegeben; beginnt: %1</translation>
    </message>
    <message>
        <source>%1 of %2 approvals; given up if not approved: %3</source>
        <translation>%1 von %2 Freigaben; verfällt ohne Freigabe: %3</translation>
    </message>
    <message>
        <source>%1 wants these rules:
%2
%3</source>
        <translation>%1 möchte diese Regeln:
%2
%3</translation>
    </message>
    <message>
        <source>The change was approved.</source>
        <translation>Die Änderung wurde freigegeben.</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::BalancesCard</name>
    <message>
        <source>Balances</source>
        <translation>Guthaben</translation>
    </message>
    <message>
        <source>Open &amp;funds</source>
        <translation>&amp;Geld öffnen</translation>
    </message>
    <message>
        <source>Open funds</source>
        <translation>Geld öffnen</translation>
    </message>
    <message>
        <source>No money yet.</source>
        <translation>Noch kein Geld.</translation>
    </message>
    <message>
        <source>Available</source>
        <translation>Verfügbar</translation>
    </message>
    <message>
        <source>Held</source>
        <translation>Gebunden</translation>
    </message>
    <message>
        <source>On its way</source>
        <translation>Unterwegs</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::Banner</name>
    <message>
        <source>Dismiss</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Dismiss message</source>
        <translation>Meldung schließen</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::ChangeOrder</name>
    <message>
        <source>&amp;Change order</source>
        <translation>Auftrag &amp;ändern</translation>
    </message>
    <message>
        <source>Change order %1</source>
        <translation>Auftrag %1 ändern</translation>
    </message>
    <message>
        <source>Change order</source>
        <translation>Auftrag ändern</translation>
    </message>
    <message>
        <source>St&amp;op</source>
        <translation>St&amp;opp</translation>
    </message>
    <message>
        <source>New stop price</source>
        <translation>Neuer Stopp-Preis</translation>
    </message>
    <message>
        <source>&amp;Price</source>
        <translation>&amp;Preis</translation>
    </message>
    <message>
        <source>New price</source>
        <translation>Neuer Preis</translation>
    </message>
    <message>
        <source>&amp;Quantity</source>
        <translation>&amp;Menge</translation>
    </message>
    <message>
        <source>New quantity</source>
        <translation>Neue Menge</translation>
    </message>
    <message>
        <source>%1, %2 of %3 filled. The quantity is that of the whole order. It keeps its place only if nothing but the quantity falls.</source>
        <translation>%1, %2 von %3 ausgeführt. Die Menge ist die des ganzen Auftrags. Er behält seinen Platz nur, wenn lediglich die Menge sinkt.</translation>
    </message>
    <message>
        <source>Fill in every field.</source>
        <translation>Füllen Sie jedes Feld aus.</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::CodeDialog</name>
    <message>
        <source>&amp;Go on</source>
        <translation>&amp;Weiter</translation>
    </message>
    <message>
        <source>One-time code</source>
        <translation>Einmalcode</translation>
    </message>
    <message>
        <source>The rules of this account want a code for this. Type the one that your authenticator shows now; each counts once.</source>
        <translation>Die Regeln dieses Kontos verlangen dafür einen Code. Geben Sie den ein, den Ihre Authenticator-App jetzt zeigt; jeder zählt nur einmal.</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::CodeField</name>
    <message>
        <source>One-time code</source>
        <translation>Einmalcode</translation>
    </message>
    <message>
        <source>six digits</source>
        <translation>sechs Ziffern</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::ConfirmPage</name>
    <message>
        <source>Confirm three words</source>
        <translation>Drei Wörter bestätigen</translation>
    </message>
    <message>
        <source>Type these words from your paper.</source>
        <translation>Tippen Sie diese Wörter von Ihrem Papier ab.</translation>
    </message>
    <message>
        <source>&amp;Continue</source>
        <translation>&amp;Weiter</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Word %1</source>
        <translation>Wort %1</translation>
    </message>
    <message>
        <source>Word %1 is not the one on the page before. Look at your paper again.</source>
        <translation>Wort %1 ist nicht das von der vorigen Seite. Sehen Sie noch einmal auf Ihr Papier.</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::CoordinatorPage</name>
    <message>
        <source>Which coordinator?</source>
        <translation>Welcher Koordinator?</translation>
    </message>
    <message>
        <source>A coordinator keeps the accounts and runs the sales; its key server keeps the keys. Your profiles stay on this machine. What you do with one coordinator has nothing to do with another.</source>
        <translation>Ein Koordinator führt die Konten und wickelt die Verkäufe ab; sein Schlüsselserver verwahrt die Schlüssel. Ihre Profile bleiben auf diesem Gerät. Was Sie bei einem Koordinator tun, hat mit einem anderen nichts zu tun.</translation>
    </message>
    <message>
        <source>&amp;Practice, inside this app</source>
        <translation>&amp;Übung, in diesem Programm</translation>
    </message>
    <message>
        <source>A &amp;coordinator on the network</source>
        <translation>Ein &amp;Koordinator im Netz</translation>
    </message>
    <message>
        <source>&amp;Look who is there</source>
        <translation>&amp;Nachsehen, wer dort ist</translation>
    </message>
    <message>
        <source>&amp;Use it</source>
        <translation>&amp;Benutzen</translation>
    </message>
    <message>
        <source>Use it</source>
        <translation>Benutzen</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>host:port, others behind commas</source>
        <translation>Rechner:Port, weitere hinter Kommas</translation>
    </message>
    <message>
        <source>Look who is there</source>
        <translation>Nachsehen, wer dort ist</translation>
    </message>
    <message>
        <source>&amp;Address</source>
        <translation>&amp;Adresse</translation>
    </message>
    <message>
        <source>Its coins and bank money are worth nothing. No network is needed.</source>
        <translation>Münzen und Bankgeld darin sind nichts wert. Ein Netz ist nicht nötig.</translation>
    </message>
    <message>
        <source>Who was found</source>
        <translation>Wer gefunden wurde</translation>
    </message>
    <message>
        <source>Compare these words</source>
        <translation>Vergleichen Sie diese Wörter</translation>
    </message>
    <message>
        <source>They are the servers&apos; fingerprints. Whoever runs them has published the same words. If one differs, somebody else answers at this address: do not use it.</source>
        <translation>Es sind die Fingerabdrücke der Server. Wer sie betreibt, hat dieselben Wörter veröffentlicht. Weicht eines ab, so antwortet unter dieser Adresse jemand anders: Benutzen Sie sie nicht.</translation>
    </message>
    <message>
        <source>Coordinator</source>
        <translation>Koordinator</translation>
    </message>
    <message>
        <source>Key server</source>
        <translation>Schlüsselserver</translation>
    </message>
    <message>
        <source>Standby key server</source>
        <translation>Ersatz-Schlüsselserver</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>Wird nachgesehen …</translation>
    </message>
    <message>
        <source>There is none.</source>
        <translation>Es gibt keinen.</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::CopyButton</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::CourierPanel</name>
    <message>
        <source>&amp;Mail address</source>
        <translation>&amp;Mailadresse</translation>
    </message>
    <message>
        <source>Postal &amp;address, a few lines</source>
        <translation>&amp;Postanschrift, einige Zeilen</translation>
    </message>
    <message>
        <source>Also send the second part</source>
        <translation>Den zweiten Teil auch zusenden</translation>
    </message>
    <message>
        <source>This app fetches the second part of the key by itself. The key server can send it to you besides, as twelve words. They open nothing without the first part. Only the key server learns the address, and keeps it; the coordinator does not.</source>
        <translation>Diese App holt den zweiten Teil des Schlüssels von selbst. Der Schlüsselserver kann ihn Ihnen außerdem als zwölf Wörter zusenden. Sie öffnen nichts ohne den ersten Teil. Nur der Schlüsselserver erfährt und behält die Adresse, der Koordinator nicht.</translation>
    </message>
    <message>
        <source>What became of it</source>
        <translation>Was daraus wurde</translation>
    </message>
    <message>
        <source>How it is sent</source>
        <translation>Wie er zugesandt wird</translation>
    </message>
    <message>
        <source>Mail address</source>
        <translation>Mailadresse</translation>
    </message>
    <message>
        <source>Postal address</source>
        <translation>Postanschrift</translation>
    </message>
    <message>
        <source>Send it this way</source>
        <translation>So zusenden</translation>
    </message>
    <message>
        <source>No, not besides</source>
        <translation>Nein, nicht außerdem</translation>
    </message>
    <message>
        <source>By e-mail</source>
        <translation>Per E-Mail</translation>
    </message>
    <message>
        <source>By post, on paper</source>
        <translation>Per Post, auf Papier</translation>
    </message>
    <message>
        <source>Send it a&amp;gain</source>
        <translation>&amp;Noch einmal zusenden</translation>
    </message>
    <message>
        <source>&amp;Send it this way</source>
        <translation>&amp;So zusenden</translation>
    </message>
    <message>
        <source>Send &amp;nothing besides</source>
        <translation>&amp;Nichts außerdem zusenden</translation>
    </message>
    <message>
        <source>the mail server does not answer</source>
        <translation>der Mailserver antwortet nicht</translation>
    </message>
    <message>
        <source>the mail server&apos;s certificate is not to be trusted</source>
        <translation>dem Zertifikat des Mailservers ist nicht zu trauen</translation>
    </message>
    <message>
        <source>the mail server refuses the key server&apos;s login</source>
        <translation>der Mailserver weist die Anmeldung des Schlüsselservers ab</translation>
    </message>
    <message>
        <source>the mail server refuses this address</source>
        <translation>der Mailserver weist diese Adresse ab</translation>
    </message>
    <message>
        <source>the mail server refuses the mail</source>
        <translation>der Mailserver weist die Mail ab</translation>
    </message>
    <message>
        <source>the card could not be written</source>
        <translation>die Karte konnte nicht geschrieben werden</translation>
    </message>
    <message>
        <source>Not sent yet: %1. The key server tries again by itself.</source>
        <translation>Noch nicht zugesandt: %1. Der Schlüsselserver versucht es von selbst wieder.</translation>
    </message>
    <message>
        <source>It is being sent.</source>
        <translation>Er wird gerade zugesandt.</translation>
    </message>
    <message>
        <source>It is sent once the seller has been paid.</source>
        <translation>Er wird zugesandt, sobald der Verkäufer bezahlt ist.</translation>
    </message>
    <message>
        <source>The mail server took it: %1.</source>
        <translation>Der Mailserver hat ihn angenommen: %1.</translation>
    </message>
    <message>
        <source>Written for the post: %1.</source>
        <translation>Für die Post geschrieben: %1.</translation>
    </message>
    <message>
        <source>Given up: %1. This app fetches the second part all the same.</source>
        <translation>Aufgegeben: %1. Diese App holt den zweiten Teil trotzdem.</translation>
    </message>
    <message>
        <source>Nothing is sent besides.</source>
        <translation>Außerdem wird nichts zugesandt.</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::DepositPanel</name>
    <message>
        <source>Copy deposit address</source>
        <translation>Einzahlungsadresse kopieren</translation>
    </message>
    <message>
        <source>Deposit address</source>
        <translation>Einzahlungsadresse</translation>
    </message>
    <message>
        <source>&amp;Amount to practise with</source>
        <translation>&amp;Betrag zum Üben</translation>
    </message>
    <message>
        <source>Practice amount</source>
        <translation>Übungsbetrag</translation>
    </message>
    <message>
        <source>Deposit %1</source>
        <translation>%1 einzahlen</translation>
    </message>
    <message>
        <source>Transfer from your bank and give this reference. It is credited when the bank reports it.</source>
        <translation>Überweisen Sie von Ihrer Bank mit diesem Verwendungszweck. Gutgeschrieben wird, wenn die Bank es meldet.</translation>
    </message>
    <message>
        <source>Send to this address. It is credited once it has enough confirmations.</source>
        <translation>Senden Sie an diese Adresse. Gutgeschrieben wird nach genügend Bestätigungen.</translation>
    </message>
    <message>
        <source>Practice bank transfer</source>
        <translation>Übungsüberweisung</translation>
    </message>
    <message>
        <source>Send practice coins</source>
        <translation>Übungsmünzen senden</translation>
    </message>
    <message>
        <source>Enter an amount.</source>
        <translation>Geben Sie einen Betrag ein.</translation>
    </message>
    <message>
        <source>On its way. It shows up with the bank&apos;s next statement.</source>
        <translation>Unterwegs. Sie erscheint mit dem nächsten Kontoauszug der Bank.</translation>
    </message>
    <message>
        <source>Sent. It is credited once it has enough confirmations.</source>
        <translation>Gesendet. Gutgeschrieben wird nach genügend Bestätigungen.</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::DetailsPage</name>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>What is in the file, and what may the buyer do with it?</source>
        <translation>Was ist in der Datei, und was darf der Käufer damit tun?</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>&amp;Description</source>
        <translation>&amp;Beschreibung</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Beschreibung</translation>
    </message>
    <message>
        <source>&amp;Price</source>
        <translation>&amp;Preis</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>Preis</translation>
    </message>
    <message>
        <source>You are paid in dollars; the buyer pays in a cryptocurrency.</source>
        <translation>Sie werden in Dollar bezahlt; der Käufer zahlt in einer Kryptowährung.</translation>
    </message>
    <message>
        <source>Characters left: %1</source>
        <translation>Noch %1 Zeichen</translation>
    </message>
    <message>
        <source>Give it a name, so that buyers can find it.</source>
        <translation>Geben Sie einen Namen ein, damit Käufer es finden.</translation>
    </message>
    <message>
        <source>The name is too long. Shorten it.</source>
        <translation>Der Name ist zu lang. Kürzen Sie ihn.</translation>
    </message>
    <message>
        <source>The description is too long. Shorten it by at least %1 characters.</source>
        <translation>Die Beschreibung ist zu lang. Kürzen Sie sie um mindestens %1 Zeichen.</translation>
    </message>
    <message>
        <source>Enter a price.</source>
        <translation>Geben Sie einen Preis ein.</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Angaben</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::DisputePanel</name>
    <message>
        <source>It is not what was &amp;described</source>
        <translation>Sie ist nicht, was &amp;beschrieben wurde</translation>
    </message>
    <message>
        <source>It does not &amp;open, or is not what was sealed</source>
        <translation>Sie lässt sich nicht ö&amp;ffnen oder ist nicht, was versiegelt wurde</translation>
    </message>
    <message>
        <source>Everything is &amp;fine</source>
        <translation>Alles in &amp;Ordnung</translation>
    </message>
    <message>
        <source>O&amp;bject…</source>
        <translation>&amp;Beanstanden …</translation>
    </message>
    <message>
        <source>What was held back</source>
        <translation>Was einbehalten wurde</translation>
    </message>
    <message>
        <source>What was said</source>
        <translation>Was gesagt wurde</translation>
    </message>
    <message>
        <source>Everything is fine</source>
        <translation>Alles in Ordnung</translation>
    </message>
    <message>
        <source>Object</source>
        <translation>Beanstanden</translation>
    </message>
    <message>
        <source>Your statement</source>
        <translation>Ihre Stellungnahme</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Senden</translation>
    </message>
    <message>
        <source>&amp;Do not object</source>
        <translation>&amp;Nicht beanstanden</translation>
    </message>
    <message>
        <source>Look at what you bought</source>
        <translation>Sehen Sie sich an, was Sie gekauft haben</translation>
    </message>
    <message>
        <source>%1 of the price is held back from the seller until %2, for you to look at the file. If something is wrong with it, object: then an arbiter decides who gets this money.</source>
        <translation>%1 des Preises werden dem Verkäufer bis %2 vorenthalten, damit Sie sich die Datei ansehen können. Stimmt etwas nicht, beanstanden Sie es: Dann entscheidet ein Schiedsrichter, wer dieses Geld bekommt.</translation>
    </message>
    <message>
        <source>%1 of the price is held back from the seller until you have opened the file. If that fails, object: then the key server and an arbiter decide who gets this money.</source>
        <translation>%1 des Preises werden dem Verkäufer vorenthalten, bis Sie die Datei geöffnet haben. Gelingt das nicht, beanstanden Sie es: Dann entscheiden der Schlüsselserver und ein Schiedsrichter, wer dieses Geld bekommt.</translation>
    </message>
    <message>
        <source>&amp;What is wrong with it?</source>
        <translation>&amp;Was stimmt damit nicht?</translation>
    </message>
    <message>
        <source>&amp;Send the objection</source>
        <translation>Beanstandung &amp;senden</translation>
    </message>
    <message>
        <source>Dispute about what was held back</source>
        <translation>Streit um den Einbehalt</translation>
    </message>
    <message>
        <source>The buyer says that the file does not open, or is not what was sealed.</source>
        <translation>Der Käufer sagt, die Datei lasse sich nicht öffnen oder sei nicht, was versiegelt wurde.</translation>
    </message>
    <message>
        <source>The buyer says that the file is not what was described.</source>
        <translation>Der Käufer sagt, die Datei sei nicht, was beschrieben wurde.</translation>
    </message>
    <message>
        <source>The key server has looked at the whole file, and agrees.</source>
        <translation>Der Schlüsselserver hat die ganze Datei geprüft und stimmt zu.</translation>
    </message>
    <message>
        <source>The key server has looked at the whole file, and found it sound.</source>
        <translation>Der Schlüsselserver hat die ganze Datei geprüft und für einwandfrei befunden.</translation>
    </message>
    <message>
        <source>The arbiter decides until %1. Until then both may say what they have to say.</source>
        <translation>Der Schiedsrichter entscheidet bis %1. Bis dahin können beide sagen, was sie zu sagen haben.</translation>
    </message>
    <message>
        <source>Your st&amp;atement</source>
        <translation>Ihre &amp;Stellungnahme</translation>
    </message>
    <message>
        <source>&amp;Say this</source>
        <translation>Dies &amp;sagen</translation>
    </message>
    <message>
        <source>Nobody decided in time</source>
        <translation>Niemand hat rechtzeitig entschieden</translation>
    </message>
    <message>
        <source>%1: %2 to the buyer, %3 to the seller.</source>
        <translation>%1: %2 an den Käufer, %3 an den Verkäufer.</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>Your statement was sent.</source>
        <translation>Ihre Stellungnahme wurde gesendet.</translation>
    </message>
    <message>
        <source>Your objection was sent. The seller is asked to answer.</source>
        <translation>Ihre Beanstandung wurde gesendet. Der Verkäufer wird um Antwort gebeten.</translation>
    </message>
    <message>
        <source>The seller gets the rest of the price.</source>
        <translation>Der Verkäufer bekommt den Rest des Preises.</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::DonePage</name>
    <message>
        <source>Done</source>
        <translation>Erledigt</translation>
    </message>
    <message>
        <source>View the listing</source>
        <translation>Das Angebot ansehen</translation>
    </message>
    <message>
        <source>Offers show up under Sales, where you accept or reject them.</source>
        <translation>Gebote erscheinen unter Verkäufe; dort nehmen Sie sie an oder lehnen sie ab.</translation>
    </message>
    <message>
        <source>“%1” is on offer</source>
        <translation>„%1“ wird angeboten</translation>
    </message>
    <message>
        <source>Sell another file</source>
        <translation>Weitere Datei verkaufen</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::DropZone</name>
    <message>
        <source>Drop a file here</source>
        <translation>Datei hier ablegen</translation>
    </message>
    <message>
        <source>It is encrypted on this computer. Nothing leaves it before you have seen what is shown.</source>
        <translation>Sie wird auf diesem Rechner verschlüsselt. Nichts verlässt ihn, bevor Sie gesehen haben, was gezeigt wird.</translation>
    </message>
    <message>
        <source>&amp;Choose a file…</source>
        <translation>Datei &amp;wählen …</translation>
    </message>
    <message>
        <source>&amp;Choose another file…</source>
        <translation>Andere Datei &amp;wählen …</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::FactorDialog</name>
    <message>
        <source>&amp;Remove</source>
        <translation>Ent&amp;fernen</translation>
    </message>
    <message>
        <source>&amp;Confirm</source>
        <translation>&amp;Bestätigen</translation>
    </message>
    <message>
        <source>Authenticator</source>
        <translation>Authenticator-App</translation>
    </message>
    <message>
        <source>Your authenticator is set up. To replace or to remove it takes a code of it. If it is lost, whoever runs the coordinator can set your codes back.</source>
        <translation>Ihre Authenticator-App ist eingerichtet. Um sie zu ersetzen oder zu entfernen, braucht es einen Code von ihr. Ist sie verloren, kann der Betreiber des Koordinators Ihre Codes zurücksetzen.</translation>
    </message>
    <message>
        <source>No authenticator is set up for you. Once it is, the rules of the account can ask for a code of it with payouts, approvals, new addresses and changes of the rules. Any app for one-time codes will do.</source>
        <translation>Für Sie ist keine Authenticator-App eingerichtet. Danach können die Regeln des Kontos bei Auszahlungen, Freigaben, neuen Adressen und Änderungen der Regeln einen Code verlangen. Jede App für Einmalcodes ist geeignet.</translation>
    </message>
    <message>
        <source>Scan this with your authenticator, or type the letters into it. It is shown this once. Then type the code that it shows: only with that it counts.</source>
        <translation>Scannen Sie das mit Ihrer Authenticator-App, oder geben Sie dort die Zeichen ein. Es wird nur dieses eine Mal gezeigt. Geben Sie dann den Code ein, den die App zeigt: Erst damit gilt sie.</translation>
    </message>
    <message>
        <source>Re&amp;place…</source>
        <translation>E&amp;rsetzen …</translation>
    </message>
    <message>
        <source>&amp;Set up…</source>
        <translation>&amp;Einrichten …</translation>
    </message>
    <message>
        <source>Your authenticator counts from now on.</source>
        <translation>Ihre Authenticator-App gilt ab jetzt.</translation>
    </message>
    <message>
        <source>Your authenticator is removed.</source>
        <translation>Ihre Authenticator-App ist entfernt.</translation>
    </message>
    <message>
        <source>The code of the new authenticator is missing: without it, it does not count, and the secret is not shown again. Close once more to leave it so.</source>
        <translation>Der Code der neuen Authenticator-App fehlt: Ohne ihn gilt sie nicht, und das Geheimnis wird nicht noch einmal gezeigt. Schließen Sie noch einmal, um es dabei zu lassen.</translation>
    </message>
    <message>
        <source>Scan this with your authenticator, or type the letters into it. It is shown this once. Then wait until its code changes, and type the new one: until then the authenticator of before counts.</source>
        <translation>Scannen Sie das mit Ihrer Authenticator-App, oder geben Sie dort die Zeichen ein. Es wird nur dieses eine Mal gezeigt. Warten Sie dann, bis der Code wechselt, und geben Sie den neuen ein: Bis dahin gilt die App von vorher.</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::FactorPicture</name>
    <message>
        <source>The secret of the authenticator</source>
        <translation>Das Geheimnis der Authenticator-App</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::Facts</name>
    <message>
        <source>Copy: %1</source>
        <translation>Kopieren: %1</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::FilePage</name>
    <message>
        <source>There is no such file. Check the path.</source>
        <translation>Diese Datei gibt es nicht. Prüfen Sie den Pfad.</translation>
    </message>
    <message>
        <source>This is a folder. Pack it into one file first, or choose a file in it.</source>
        <translation>Das ist ein Ordner. Packen Sie ihn erst in eine Datei, oder wählen Sie eine Datei darin.</translation>
    </message>
    <message>
        <source>The file cannot be read: %1</source>
        <translation>Die Datei kann nicht gelesen werden: %1</translation>
    </message>
    <message>
        <source>The file is empty. There is nothing to sell in it.</source>
        <translation>Die Datei ist leer. Darin gibt es nichts zu verkaufen.</translation>
    </message>
    <message>
        <source>Or type the path of a file</source>
        <translation>Oder den Pfad einer Datei eingeben</translation>
    </message>
    <message>
        <source>File path</source>
        <translation>Dateipfad</translation>
    </message>
    <message>
        <source>Choose a file to sell</source>
        <translation>Datei zum Verkaufen wählen</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>Looking at the file…</source>
        <translation>Die Datei wird angesehen …</translation>
    </message>
    <message>
        <source>Begun, not yet published</source>
        <translation>Begonnen, noch nicht veröffentlicht</translation>
    </message>
    <message>
        <source>Continue…</source>
        <translation>Fortfahren …</translation>
    </message>
    <message>
        <source>Continue with %1</source>
        <translation>Mit %1 fortfahren</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Discard %1</source>
        <translation>%1 verwerfen</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Its encrypted file is not on this machine</source>
        <translation>Die verschlüsselte Datei liegt nicht auf diesem Rechner</translation>
    </message>
    <message>
        <source>Encryption interrupted at %1 %</source>
        <translation>Verschlüsselung bei %1 % unterbrochen</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Looking into the file…</source>
        <translation>Die Datei wird angesehen …</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::FirstSteps</name>
    <message>
        <source>First steps</source>
        <translation>Erste Schritte</translation>
    </message>
    <message>
        <source>Try a whole sale here before you sell or buy anything real.</source>
        <translation>Probieren Sie hier einen ganzen Verkauf, bevor Sie Echtes verkaufen oder kaufen.</translation>
    </message>
    <message>
        <source>Start the practice counterparty</source>
        <translation>Die Übungs-Gegenseite starten</translation>
    </message>
    <message>
        <source>It lists a sample file, buys what you list, and accepts your offers.</source>
        <translation>Sie bietet eine Beispieldatei an, kauft Ihre Angebote und nimmt Ihre Gebote an.</translation>
    </message>
    <message>
        <source>Start counterparty</source>
        <translation>Gegenseite starten</translation>
    </message>
    <message>
        <source>Add practice money</source>
        <translation>Übungsgeld hinzufügen</translation>
    </message>
    <message>
        <source>Dollars and coins to try things with. They are worth nothing.</source>
        <translation>Dollar und Münzen zum Ausprobieren. Sie sind nichts wert.</translation>
    </message>
    <message>
        <source>Buy a file</source>
        <translation>Eine Datei kaufen</translation>
    </message>
    <message>
        <source>Look round the shop and make an offer.</source>
        <translation>Sehen Sie sich im Laden um und geben Sie ein Gebot ab.</translation>
    </message>
    <message>
        <source>Go to the shop</source>
        <translation>Zum Laden</translation>
    </message>
    <message>
        <source>Sell a file</source>
        <translation>Eine Datei verkaufen</translation>
    </message>
    <message>
        <source>Pick a file of yours; it is encrypted on this machine and listed.</source>
        <translation>Wählen Sie eine Ihrer Dateien; sie wird auf diesem Rechner verschlüsselt und angeboten.</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Erledigt</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::Frame</name>
    <message>
        <source>Ctrl+%1</source>
        <translation>Strg+%1</translation>
    </message>
    <message>
        <source>Views</source>
        <translation>Ansichten</translation>
    </message>
    <message>
        <source>Practice</source>
        <translation>Übung</translation>
    </message>
    <message>
        <source>Practice mode</source>
        <translation>Übungsbetrieb</translation>
    </message>
    <message>
        <source>Coins and bank money here are for practice and worth nothing.</source>
        <translation>Münzen und Bankgeld sind hier zum Üben und nichts wert.</translation>
    </message>
    <message>
        <source>Profile of this window</source>
        <translation>Profil dieses Fensters</translation>
    </message>
    <message>
        <source>Fingerprint: %1</source>
        <translation>Fingerabdruck: %1</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::FundsView</name>
    <message>
        <source>Balances</source>
        <translation>Guthaben</translation>
    </message>
    <message>
        <source>Funds</source>
        <translation>Geld</translation>
    </message>
    <message>
        <source>Statement</source>
        <translation>Auszug</translation>
    </message>
    <message>
        <source>No money yet. Deposit some.</source>
        <translation>Noch kein Geld. Zahlen Sie etwas ein.</translation>
    </message>
    <message>
        <source>Statement of %1</source>
        <translation>Auszug %1</translation>
    </message>
    <message>
        <source>Deposits</source>
        <translation>Einzahlungen</translation>
    </message>
    <message>
        <source>Deposit or pay out</source>
        <translation>Einzahlen oder auszahlen</translation>
    </message>
    <message>
        <source>Deposit</source>
        <translation>Einzahlung</translation>
    </message>
    <message>
        <source>Pay out</source>
        <translation>Auszahlen</translation>
    </message>
    <message>
        <source>Nothing has come in yet.</source>
        <translation>Noch ist nichts eingegangen.</translation>
    </message>
    <message>
        <source>Statement, deposits and payouts</source>
        <translation>Auszug, Einzahlungen und Auszahlungen</translation>
    </message>
    <message>
        <source>Payouts</source>
        <translation>Auszahlungen</translation>
    </message>
    <message>
        <source>Address book</source>
        <translation>Adressbuch</translation>
    </message>
    <message>
        <source>What the coordinator owes</source>
        <translation>Was der Koordinator schuldet</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::HistoryNotice</name>
    <message>
        <source>The coordinator&apos;s history</source>
        <translation>Geschichte des Koordinators</translation>
    </message>
    <message>
        <source>History wrong</source>
        <translation>Geschichte falsch</translation>
    </message>
    <message>
        <source>History checked</source>
        <translation>Geschichte geprüft</translation>
    </message>
    <message>
        <source>Checking history</source>
        <translation>Geschichte wird geprüft</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::HoldButton</name>
    <message>
        <source>Keep pressed for a second.</source>
        <translation>Eine Sekunde lang gedrückt halten.</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::HomeView</name>
    <message>
        <source>Needs you now</source>
        <translation>Jetzt sind Sie gefragt</translation>
    </message>
    <message>
        <source>Under way</source>
        <translation>Unterwegs</translation>
    </message>
    <message>
        <source>Nothing needs you at the moment.</source>
        <translation>Im Augenblick ist nichts zu tun.</translation>
    </message>
    <message>
        <source>No sale is under way.</source>
        <translation>Kein Verkauf ist unterwegs.</translation>
    </message>
    <message>
        <source>Home</source>
        <translation>Übersicht</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::InstitutionView</name>
    <message>
        <source>Approvals</source>
        <translation>Freigaben</translation>
    </message>
    <message>
        <source>Approvals (%1)</source>
        <translation>Freigaben (%1)</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>Konto</translation>
    </message>
    <message>
        <source>Standing</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>My roles</source>
        <translation>Meine Rollen</translation>
    </message>
    <message>
        <source>Users, approvals and rules</source>
        <translation>Nutzer, Freigaben und Regeln</translation>
    </message>
    <message>
        <source>Users</source>
        <translation>Nutzer</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>Regeln</translation>
    </message>
    <message>
        <source>Institution</source>
        <translation>Institution</translation>
    </message>
    <message>
        <source>You: %1</source>
        <translation>Sie: %1</translation>
    </message>
    <message>
        <source>Institution, account %1</source>
        <translation>Institution, Konto %1</translation>
    </message>
    <message>
        <source>One person, account %1</source>
        <translation>Eine Person, Konto %1</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::KeepingDialog</name>
    <message>
        <source>&amp;Keep it in the system&apos;s keychain instead of asking for a passphrase</source>
        <translation>Im &amp;Schlüsselbund des Systems aufbewahren, statt nach einer Passphrase zu fragen</translation>
    </message>
    <message>
        <source>Keep in the system&apos;s keychain</source>
        <translation>Im Schlüsselbund des Systems aufbewahren</translation>
    </message>
    <message>
        <source>Passphrase now</source>
        <translation>Jetzige Passphrase</translation>
    </message>
    <message>
        <source>New passphrase</source>
        <translation>Neue Passphrase</translation>
    </message>
    <message>
        <source>Passphrase again</source>
        <translation>Passphrase noch einmal</translation>
    </message>
    <message>
        <source>&amp;Change</source>
        <translation>Ä&amp;ndern</translation>
    </message>
    <message>
        <source>Change the passphrase</source>
        <translation>Passphrase ändern</translation>
    </message>
    <message>
        <source>Passphrase &amp;now</source>
        <translation>&amp;Jetzige Passphrase</translation>
    </message>
    <message>
        <source>&amp;New passphrase</source>
        <translation>&amp;Neue Passphrase</translation>
    </message>
    <message>
        <source>Passphrase &amp;again</source>
        <translation>Passphrase noch &amp;einmal</translation>
    </message>
    <message>
        <source>at least 8 characters</source>
        <translation>mindestens 8 Zeichen</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Ändern</translation>
    </message>
    <message>
        <source>This locks the profile on this machine. The seed phrase stays the same.</source>
        <translation>So wird das Profil auf diesem Rechner gesperrt. Die Merkphrase bleibt dieselbe.</translation>
    </message>
    <message>
        <source>The two passphrases differ. Type both again.</source>
        <translation>Die beiden Passphrasen sind verschieden. Geben Sie beide noch einmal ein.</translation>
    </message>
    <message>
        <source>Changing…</source>
        <translation>Wird geändert …</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::KeyPanel</name>
    <message>
        <source>&amp;Fetch again</source>
        <translation>&amp;Erneut holen</translation>
    </message>
    <message>
        <source>&amp;Type the words…</source>
        <translation>Die &amp;Wörter eintippen …</translation>
    </message>
    <message>
        <source>S&amp;how the words</source>
        <translation>Die Wörter &amp;zeigen</translation>
    </message>
    <message>
        <source>&amp;Hide the words</source>
        <translation>Die Wörter &amp;verbergen</translation>
    </message>
    <message>
        <source>The key</source>
        <translation>Der Schlüssel</translation>
    </message>
    <message>
        <source>The two parts of the key</source>
        <translation>Die zwei Teile des Schlüssels</translation>
    </message>
    <message>
        <source>Asks the key server for both parts again. It gives them to you for ever.</source>
        <translation>Fragt den Schlüsselserver noch einmal nach beiden Teilen. Er gibt sie Ihnen für immer.</translation>
    </message>
    <message>
        <source>Fetch again</source>
        <translation>Erneut holen</translation>
    </message>
    <message>
        <source>Type the words</source>
        <translation>Die Wörter eintippen</translation>
    </message>
    <message>
        <source>Show the words</source>
        <translation>Die Wörter zeigen</translation>
    </message>
    <message>
        <source>The second part as it was given to you: twelve words in their order. A few letters of each are enough.</source>
        <translation>Der zweite Teil, wie er Ihnen gegeben wurde: zwölf Wörter in ihrer Reihenfolge. Von jedem genügen ein paar Buchstaben.</translation>
    </message>
    <message>
        <source>Check of the words</source>
        <translation>Prüfung der Wörter</translation>
    </message>
    <message>
        <source>&amp;Use these words</source>
        <translation>Diese Wörter &amp;verwenden</translation>
    </message>
    <message>
        <source>Use these words</source>
        <translation>Diese Wörter verwenden</translation>
    </message>
    <message>
        <source>Word %1</source>
        <translation>Wort %1</translation>
    </message>
    <message>
        <source>here, and it fits</source>
        <translation>da, und er passt</translation>
    </message>
    <message>
        <source>does not fit. Whose doing: %1. Nothing was unlocked; fetch it again.</source>
        <translation>passt nicht. Verursacher: %1. Nichts wurde aufgeschlossen; holen Sie ihn erneut.</translation>
    </message>
    <message>
        <source>on its way</source>
        <translation>unterwegs</translation>
    </message>
    <message>
        <source>Part 1, by the coordinator</source>
        <translation>Teil 1, über den Koordinator</translation>
    </message>
    <message>
        <source>Part 2, by the key server</source>
        <translation>Teil 2, vom Schlüsselserver</translation>
    </message>
    <message>
        <source>Both parts came again, and both fit.</source>
        <translation>Beide Teile kamen noch einmal, und beide passen.</translation>
    </message>
    <message>
        <source>Not both parts are here and fit. See below.</source>
        <translation>Nicht beide Teile sind da und passen. Siehe unten.</translation>
    </message>
    <message>
        <source>This word is not in the word list.</source>
        <translation>Dieses Wort steht nicht in der Wortliste.</translation>
    </message>
    <message>
        <source>The words belong together.</source>
        <translation>Die Wörter gehören zusammen.</translation>
    </message>
    <message>
        <source>Word %1 is missing.</source>
        <translation>Wort %1 fehlt.</translation>
    </message>
    <message>
        <source>The words are this sale&apos;s. The second part is here.</source>
        <translation>Die Wörter gehören zu diesem Verkauf. Der zweite Teil ist da.</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::LibraryPanel</name>
    <message>
        <source>&amp;Open</source>
        <translation>Ö&amp;ffnen</translation>
    </message>
    <message>
        <source>&amp;Unlock</source>
        <translation>&amp;Entsperren</translation>
    </message>
    <message>
        <source>Show in &amp;folder</source>
        <translation>Im &amp;Ordner zeigen</translation>
    </message>
    <message>
        <source>Save a &amp;copy…</source>
        <translation>&amp;Kopie speichern …</translation>
    </message>
    <message>
        <source>View the &amp;sale</source>
        <translation>Den &amp;Verkauf ansehen</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Unlocking %1</source>
        <translation>%1 wird entsperrt</translation>
    </message>
    <message>
        <source>Both parts of the key have arrived. Unlocking joins them and checks the file, portion by portion.</source>
        <translation>Beide Teile des Schlüssels sind da. Beim Entsperren werden sie zusammengefügt, und die Datei wird Abschnitt für Abschnitt geprüft.</translation>
    </message>
    <message>
        <source>The two parts of the key arrive by themselves once the seller has been paid.</source>
        <translation>Die beiden Teile des Schlüssels kommen von selbst, sobald der Verkäufer bezahlt ist.</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Bought</source>
        <translation>Gekauft</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Creator&apos;s fingerprint</source>
        <translation>Fingerabdruck des Urhebers</translation>
    </message>
    <message>
        <source>Asset</source>
        <translation>Gut</translation>
    </message>
    <message>
        <source>Unlocked. Every portion of the file is as it was sold.</source>
        <translation>Entsperrt. Jeder Abschnitt der Datei ist so, wie er verkauft wurde.</translation>
    </message>
    <message>
        <source>The file is not there any more. It was at %1.</source>
        <translation>Die Datei ist nicht mehr da. Sie war in %1.</translation>
    </message>
    <message>
        <source>This file is a program or can run one. Look at it in its folder before you start it.</source>
        <translation>Diese Datei ist ein Programm oder kann eines starten. Sehen Sie sie in ihrem Ordner an, bevor Sie sie starten.</translation>
    </message>
    <message>
        <source>No program on this computer opens this kind of file.</source>
        <translation>Kein Programm auf diesem Rechner öffnet diese Art Datei.</translation>
    </message>
    <message>
        <source>The file is in %1</source>
        <translation>Die Datei ist in %1</translation>
    </message>
    <message>
        <source>Save a copy</source>
        <translation>Kopie speichern</translation>
    </message>
    <message>
        <source>Copying…</source>
        <translation>Wird kopiert …</translation>
    </message>
    <message>
        <source>Saved as %1</source>
        <translation>Gespeichert als %1</translation>
    </message>
    <message>
        <source>The copy could not be saved: %1</source>
        <translation>Die Kopie konnte nicht gespeichert werden: %1</translation>
    </message>
    <message>
        <source>you</source>
        <translation>Sie</translation>
    </message>
    <message>
        <source>created by %1, %2</source>
        <translation>erstellt von %1, %2</translation>
    </message>
    <message>
        <source>passed to %1, %2</source>
        <translation>übergegangen an %1, %2</translation>
    </message>
    <message>
        <source>Chain of custody</source>
        <translation>Eigentümerkette</translation>
    </message>
    <message>
        <source>Tracking mark</source>
        <translation>Markierung</translation>
    </message>
    <message>
        <source>Make a &amp;marked copy</source>
        <translation>&amp;Markierte Kopie anlegen</translation>
    </message>
    <message>
        <source>Writes a second copy that also says, signed, that it is yours.</source>
        <translation>Schreibt eine zweite Kopie, die auch unterschrieben sagt, dass sie Ihnen gehört.</translation>
    </message>
    <message>
        <source>Making a marked copy…</source>
        <translation>Die markierte Kopie wird angelegt …</translation>
    </message>
    <message>
        <source>The marked copy is %1.</source>
        <translation>Die markierte Kopie ist %1.</translation>
    </message>
    <message>
        <source>&amp;Verify</source>
        <translation>&amp;Prüfen</translation>
    </message>
    <message>
        <source>Reads the file again and checks that it is, to the last byte, what was sold.</source>
        <translation>Liest die Datei noch einmal und prüft, ob sie bis aufs letzte Byte die verkaufte ist.</translation>
    </message>
    <message>
        <source>Verifying %1</source>
        <translation>%1 wird geprüft</translation>
    </message>
    <message>
        <source>The file is, to the last byte, what was sold.</source>
        <translation>Die Datei ist bis aufs letzte Byte die verkaufte.</translation>
    </message>
    <message>
        <source>Unlock a&amp;gain</source>
        <translation>N&amp;och einmal entsperren</translation>
    </message>
    <message>
        <source>Puts the file back as it was sold.</source>
        <translation>Legt die Datei wieder so hin, wie sie verkauft wurde.</translation>
    </message>
    <message>
        <source>Unlock again</source>
        <translation>Noch einmal entsperren</translation>
    </message>
    <message>
        <source>Replace the file that lies there?</source>
        <translation>Die Datei ersetzen, die dort liegt?</translation>
    </message>
    <message>
        <source>%1 is replaced by the file as it was sold. What was changed in it since is lost.</source>
        <translation>%1 wird durch die Datei ersetzt, wie sie verkauft wurde. Was seitdem darin geändert wurde, geht verloren.</translation>
    </message>
    <message>
        <source>&amp;Replace</source>
        <translation>&amp;Ersetzen</translation>
    </message>
    <message>
        <source>The asset is yours, and so is its key. The sealed file stays where it is: unlocking fetches it, if it is still kept there, and checks it, portion by portion.</source>
        <translation>Das Gut gehört Ihnen, und sein Schlüssel auch. Die versiegelte Datei bleibt, wo sie ist: Beim Entsperren wird sie geholt, wenn sie dort noch liegt, und Abschnitt für Abschnitt geprüft.</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::LibraryView</name>
    <message>
        <source>Library</source>
        <translation>Bibliothek</translation>
    </message>
    <message>
        <source>What I own</source>
        <translation>Was mir gehört</translation>
    </message>
    <message>
        <source>You own nothing yet</source>
        <translation>Ihnen gehört noch nichts</translation>
    </message>
    <message>
        <source>What you buy shows up here: first on its way, then ready to unlock, then open.</source>
        <translation>Was Sie kaufen, erscheint hier: erst unterwegs, dann bereit zum Entsperren, dann offen.</translation>
    </message>
    <message>
        <source>Visit the shop</source>
        <translation>Zum Laden</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::ListingGrid</name>
    <message>
        <source>Listings</source>
        <translation>Angebote</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::ListingPage</name>
    <message>
        <source>Seller</source>
        <translation>Verkäufer</translation>
    </message>
    <message>
        <source>All listings</source>
        <translation>Alle Angebote</translation>
    </message>
    <message>
        <source>Back to all listings</source>
        <translation>Zurück zu allen Angeboten</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Beschreibung</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>Preis</translation>
    </message>
    <message>
        <source>by %1</source>
        <translation>von %1</translation>
    </message>
    <message>
        <source>Yours</source>
        <translation>Ihres</translation>
    </message>
    <message>
        <source>Taken</source>
        <translation>Vergeben</translation>
    </message>
    <message>
        <source>This edition has entered a sale. It cannot be bought again.</source>
        <translation>Diese Ausgabe ist schon in einem Verkauf. Sie kann nicht noch einmal gekauft werden.</translation>
    </message>
    <message>
        <source>This is your own listing. Offers on it show up under Sales.</source>
        <translation>Das ist Ihr eigenes Angebot. Gebote darauf erscheinen unter Verkäufe.</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Portions</source>
        <translation>Abschnitte</translation>
    </message>
    <message>
        <source>%1, each checked on its own</source>
        <translation>%1, jede für sich geprüft</translation>
    </message>
    <message>
        <source>Published</source>
        <translation>Veröffentlicht</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>Fingerabdruck</translation>
    </message>
    <message>
        <source>Manifest</source>
        <translation>Manifest</translation>
    </message>
    <message>
        <source>Asset</source>
        <translation>Gut</translation>
    </message>
    <message>
        <source>Sell another copy</source>
        <translation>Noch ein Exemplar verkaufen</translation>
    </message>
    <message>
        <source>Encrypts the file anew under a key of its own and lists it at the same price.</source>
        <translation>Verschlüsselt die Datei neu unter einem eigenen Schlüssel und bietet sie zum gleichen Preis an.</translation>
    </message>
    <message>
        <source>Encrypting another copy…</source>
        <translation>Ein weiteres Exemplar wird verschlüsselt …</translation>
    </message>
    <message>
        <source>Encrypting another copy: %1 %</source>
        <translation>Ein weiteres Exemplar wird verschlüsselt: %1 %</translation>
    </message>
    <message>
        <source>Another copy is on offer.</source>
        <translation>Ein weiteres Exemplar ist im Angebot.</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Exemplar</translation>
    </message>
    <message>
        <source>Spot check</source>
        <translation>Stichprobe</translation>
    </message>
    <message>
        <source>none: of files under 100 portions nothing is opened before the payment</source>
        <translation>keine: von Dateien unter 100 Portionen wird vor der Zahlung nichts geöffnet</translation>
    </message>
    <message>
        <source>before you pay, up to %1 portions, drawn together with the key server</source>
        <translation>bevor Sie zahlen, bis zu %1 Portionen, gemeinsam mit dem Schlüsselserver gezogen</translation>
    </message>
    <message>
        <source>Tracking mark</source>
        <translation>Markierung</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::MainWindow</name>
    <message>
        <source>Tallylock</source>
        <translation>Tallylock</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;New window for another profile…</source>
        <translation>&amp;Neues Fenster für ein anderes Profil …</translation>
    </message>
    <message>
        <source>&amp;Close this window</source>
        <translation>Fenster &amp;schließen</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Practice</source>
        <translation>Ü&amp;bung</translation>
    </message>
    <message>
        <source>&amp;Start practice counterparty</source>
        <translation>Übungs-Gegenseite &amp;starten</translation>
    </message>
    <message>
        <source>&amp;Add practice money</source>
        <translation>Übungsgeld &amp;hinzufügen</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;About Tallylock</source>
        <translation>Ü&amp;ber Tallylock</translation>
    </message>
    <message>
        <source>About Tallylock</source>
        <translation>Über Tallylock</translation>
    </message>
    <message>
        <source>Tallylock %1</source>
        <translation>Tallylock %1</translation>
    </message>
    <message>
        <source>Sell and buy encrypted files. The key is handed over when the money has moved.</source>
        <translation>Verschlüsselte Dateien verkaufen und kaufen. Der Schlüssel wird übergeben, wenn das Geld geflossen ist.</translation>
    </message>
    <message>
        <source>%1 – Tallylock</source>
        <translation>%1 – Tallylock</translation>
    </message>
    <message>
        <source>Tallylock of %1</source>
        <translation>Tallylock von %1</translation>
    </message>
    <message>
        <source>&amp;Lock</source>
        <translation>&amp;Sperren</translation>
    </message>
    <message>
        <source>Change &amp;passphrase…</source>
        <translation>&amp;Passphrase ändern …</translation>
    </message>
    <message>
        <source>The profile is locked in the new way from now on.</source>
        <translation>Das Profil ist von jetzt an auf die neue Weise gesperrt.</translation>
    </message>
    <message>
        <source>Lock by &amp;itself</source>
        <translation>Von &amp;selbst sperren</translation>
    </message>
    <message>
        <source>&amp;Never</source>
        <translation>&amp;Nie</translation>
    </message>
    <message>
        <source>After %1 minutes without a touch</source>
        <translation>Nach %1 Minuten ohne Berührung</translation>
    </message>
    <message>
        <source>One-time &amp;codes…</source>
        <translation>Einmal&amp;codes …</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::MarketView</name>
    <message>
        <source>Market</source>
        <translation>Markt</translation>
    </message>
    <message>
        <source>Order book</source>
        <translation>Orderbuch</translation>
    </message>
    <message>
        <source>Recent trades</source>
        <translation>Letzte Geschäfte</translation>
    </message>
    <message>
        <source>Last price</source>
        <translation>Letzter Preis</translation>
    </message>
    <message>
        <source>Nobody wants to buy or sell yet.
Place the first order.</source>
        <translation>Noch will niemand kaufen oder verkaufen.
Geben Sie den ersten Auftrag.</translation>
    </message>
    <message>
        <source>No trades yet.</source>
        <translation>Noch kein Handel.</translation>
    </message>
    <message>
        <source>Halted</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Fees and bounds</source>
        <translation>Gebühren und Grenzen</translation>
    </message>
    <message>
        <source>This market is halted. Nothing is traded or changed; orders can be cancelled.</source>
        <translation>Dieser Markt ist angehalten. Nichts wird gehandelt oder geändert; Aufträge können gestrichen werden.</translation>
    </message>
    <message>
        <source>Fees: maker %1 %, taker %2 %</source>
        <translation>Gebühren: Maker %1 %, Taker %2 %</translation>
    </message>
    <message>
        <source>Prices: within %1 % of %2</source>
        <translation>Preise: bis %1 % um %2</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::OfferForm</name>
    <message>
        <source>Make offer</source>
        <translation>Gebot abgeben</translation>
    </message>
    <message>
        <source>Make an offer</source>
        <translation>Ein Gebot machen</translation>
    </message>
    <message>
        <source>&amp;Pay in</source>
        <translation>&amp;Zahlen in</translation>
    </message>
    <message>
        <source>Pay in</source>
        <translation>Zahlen in</translation>
    </message>
    <message>
        <source>&amp;Bid</source>
        <translation>&amp;Gebot</translation>
    </message>
    <message>
        <source>Bid</source>
        <translation>Gebot</translation>
    </message>
    <message>
        <source>&amp;Minimum</source>
        <translation>&amp;Mindestpreis</translation>
    </message>
    <message>
        <source>Minimum</source>
        <translation>Mindestpreis</translation>
    </message>
    <message>
        <source>The seller may accept any price from the minimum to the bid.</source>
        <translation>Der Verkäufer kann jeden Preis vom Mindestpreis bis zum Gebot annehmen.</translation>
    </message>
    <message>
        <source>&amp;Expires after</source>
        <translation>Gü&amp;ltig für</translation>
    </message>
    <message>
        <source>Expires after</source>
        <translation>Gültig für</translation>
    </message>
    <message>
        <source>1 hour</source>
        <translation>1 Stunde</translation>
    </message>
    <message>
        <source>1 day</source>
        <translation>1 Tag</translation>
    </message>
    <message>
        <source>3 days</source>
        <translation>3 Tage</translation>
    </message>
    <message>
        <source>7 days</source>
        <translation>7 Tage</translation>
    </message>
    <message>
        <source>No coin can be used at the moment.</source>
        <translation>Zurzeit kann keine Münze verwendet werden.</translation>
    </message>
    <message>
        <source>Enter your bid.</source>
        <translation>Geben Sie Ihr Gebot ein.</translation>
    </message>
    <message>
        <source>Enter your minimum.</source>
        <translation>Geben Sie Ihren Mindestpreis ein.</translation>
    </message>
    <message>
        <source>The minimum is above the bid. Lower the minimum or raise the bid.</source>
        <translation>Der Mindestpreis liegt über dem Gebot. Senken Sie den Mindestpreis oder erhöhen Sie das Gebot.</translation>
    </message>
    <message>
        <source>&amp;Key comes by</source>
        <translation>S&amp;chlüssel kommt auf</translation>
    </message>
    <message>
        <source>Key comes by</source>
        <translation>Schlüssel kommt auf</translation>
    </message>
    <message>
        <source>&amp;Delivered is</source>
        <translation>Gelie&amp;fert wird</translation>
    </message>
    <message>
        <source>Delivered is</source>
        <translation>Geliefert wird</translation>
    </message>
    <message>
        <source>&amp;You pay</source>
        <translation>S&amp;ie zahlen</translation>
    </message>
    <message>
        <source>You pay</source>
        <translation>Sie zahlen</translation>
    </message>
    <message>
        <source>&amp;Refunds go to</source>
        <translation>&amp;Rückzahlungen gehen an</translation>
    </message>
    <message>
        <source>Refunds go to</source>
        <translation>Rückzahlungen gehen an</translation>
    </message>
    <message>
        <source>My account here</source>
        <translation>Mein Konto hier</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>What comes back of your coins is sent on there, less what a payout costs.</source>
        <translation>Was von Ihren Münzen zurückkommt, wird dorthin weitergeschickt, abzüglich der Gebühr einer Auszahlung.</translation>
    </message>
    <message>
        <source>What comes back of your coins stays on your account.</source>
        <translation>Was von Ihren Münzen zurückkommt, bleibt auf Ihrem Konto.</translation>
    </message>
    <message>
        <source>&amp;Escrow holds</source>
        <translation>In &amp;Treuhand</translation>
    </message>
    <message>
        <source>Escrow holds</source>
        <translation>In Treuhand</translation>
    </message>
    <message>
        <source>How it is paid and delivered</source>
        <translation>Wie bezahlt und geliefert wird</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>a choice: what is chosen</comment>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::OfferPanel</name>
    <message>
        <source>&amp;Accept offer</source>
        <translation>Angebot &amp;annehmen</translation>
    </message>
    <message>
        <source>&amp;Reject offer</source>
        <translation>Angebot a&amp;blehnen</translation>
    </message>
    <message>
        <source>&amp;Withdraw offer</source>
        <translation>Angebot &amp;zurückziehen</translation>
    </message>
    <message>
        <source>Offer</source>
        <translation>Angebot</translation>
    </message>
    <message>
        <source>Withdraw offer</source>
        <translation>Angebot zurückziehen</translation>
    </message>
    <message>
        <source>Accept offer</source>
        <translation>Angebot annehmen</translation>
    </message>
    <message>
        <source>Reject offer</source>
        <translation>Angebot ablehnen</translation>
    </message>
    <message>
        <source>%1 offers %2.</source>
        <translation>%1 bietet %2.</translation>
    </message>
    <message>
        <source>You offered %1. Nothing is paid before the seller accepts.</source>
        <translation>Sie haben %1 geboten. Nichts wird gezahlt, bevor der Verkäufer annimmt.</translation>
    </message>
    <message>
        <source>Accepted. The key server checks your key now; then the buyer is asked to pay.</source>
        <translation>Angenommen. Der Schlüsselserver prüft jetzt Ihren Schlüssel; dann wird der Käufer um Zahlung gebeten.</translation>
    </message>
    <message>
        <source>The offer was rejected.</source>
        <translation>Das Angebot wurde abgelehnt.</translation>
    </message>
    <message>
        <source>The offer was withdrawn.</source>
        <translation>Das Angebot wurde zurückgezogen.</translation>
    </message>
    <message>
        <source>As&amp;k for more</source>
        <translation>&amp;Mehr verlangen</translation>
    </message>
    <message>
        <source>Ask for more</source>
        <translation>Mehr verlangen</translation>
    </message>
    <message>
        <source>&amp;Bid this much</source>
        <translation>So viel &amp;bieten</translation>
    </message>
    <message>
        <source>Bid this much</source>
        <translation>So viel bieten</translation>
    </message>
    <message>
        <source>Your price</source>
        <translation>Ihr Preis</translation>
    </message>
    <message>
        <source>Your &amp;price</source>
        <translation>Ihr &amp;Preis</translation>
    </message>
    <message>
        <source>New bid</source>
        <translation>Neues Gebot</translation>
    </message>
    <message>
        <source>&amp;New bid</source>
        <translation>&amp;Neues Gebot</translation>
    </message>
    <message>
        <source>You offered %1. The seller asks for %2. If you bid that much, it is accepted by itself.</source>
        <translation>Sie haben %1 geboten. Der Verkäufer verlangt %2. Wenn Sie so viel bieten, ist das Angebot damit angenommen.</translation>
    </message>
    <message>
        <source>%1 offered %2, and you ask for %3.</source>
        <translation>%1 hat %2 geboten, und Sie verlangen %3.</translation>
    </message>
    <message>
        <source>%1 offers %2, and would be glad of any price from %3 on.</source>
        <translation>%1 bietet %2 und ist mit jedem Preis ab %3 einverstanden.</translation>
    </message>
    <message>
        <source>&amp;Call it off</source>
        <translation>Ab&amp;sagen</translation>
    </message>
    <message>
        <source>Call it off</source>
        <translation>Absagen</translation>
    </message>
    <message>
        <source>The buyer was told. If the buyer bids that much, the offer is accepted by itself.</source>
        <translation>Der Käufer weiß Bescheid. Bietet er so viel, ist das Angebot damit angenommen.</translation>
    </message>
    <message>
        <source>Your new bid was sent to the seller.</source>
        <translation>Ihr neues Gebot wurde dem Verkäufer geschickt.</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::OrderTicket</name>
    <message>
        <source>Available</source>
        <translation>Verfügbar</translation>
    </message>
    <message>
        <source>Sell</source>
        <translation>Verkaufen</translation>
    </message>
    <message>
        <source>&amp;Buy</source>
        <translation>&amp;Kaufen</translation>
    </message>
    <message>
        <source>&amp;Sell</source>
        <translation>&amp;Verkaufen</translation>
    </message>
    <message>
        <source>Place order</source>
        <translation>Auftrag geben</translation>
    </message>
    <message>
        <source>&amp;Price</source>
        <translation>&amp;Preis</translation>
    </message>
    <message>
        <source>Order price</source>
        <translation>Preis des Auftrags</translation>
    </message>
    <message>
        <source>&amp;Quantity</source>
        <translation>&amp;Menge</translation>
    </message>
    <message>
        <source>Order quantity</source>
        <translation>Menge des Auftrags</translation>
    </message>
    <message>
        <source>Total</source>
        <translation>Gesamt</translation>
    </message>
    <message>
        <source>Buy</source>
        <translation>Kaufen</translation>
    </message>
    <message>
        <source>No market is open.</source>
        <translation>Kein Markt ist offen.</translation>
    </message>
    <message>
        <source>Enter a price.</source>
        <translation>Geben Sie einen Preis ein.</translation>
    </message>
    <message>
        <source>Enter a quantity.</source>
        <translation>Geben Sie eine Menge ein.</translation>
    </message>
    <message>
        <source>The price moves in steps of %1.</source>
        <translation>Der Preis geht in Schritten von %1.</translation>
    </message>
    <message>
        <source>The quantity moves in steps of %1.</source>
        <translation>Die Menge geht in Schritten von %1.</translation>
    </message>
    <message>
        <source>Place buy order</source>
        <translation>Kaufauftrag geben</translation>
    </message>
    <message>
        <source>Place sell order</source>
        <translation>Verkaufsauftrag geben</translation>
    </message>
    <message>
        <source>The order is in the book.</source>
        <translation>Der Auftrag steht im Buch.</translation>
    </message>
    <message>
        <source>What happens if this order meets one of your own.</source>
        <translation>Was geschieht, wenn dieser Auftrag auf einen eigenen trifft.</translation>
    </message>
    <message>
        <source>&amp;Type</source>
        <translation>&amp;Art</translation>
    </message>
    <message>
        <source>Order type</source>
        <translation>Auftragsart</translation>
    </message>
    <message>
        <source>St&amp;op</source>
        <translation>St&amp;opp</translation>
    </message>
    <message>
        <source>Stop price</source>
        <translation>Stopp-Preis</translation>
    </message>
    <message>
        <source>O&amp;wn orders</source>
        <translation>E&amp;igene</translation>
    </message>
    <message>
        <source>If it meets my own order</source>
        <translation>Wenn er auf einen eigenen trifft</translation>
    </message>
    <message>
        <source>At once</source>
        <translation>Sofort</translation>
    </message>
    <message>
        <source>Fee at most</source>
        <translation>Gebühr höchstens</translation>
    </message>
    <message>
        <source>Will be held</source>
        <translation>Wird gebunden</translation>
    </message>
    <message>
        <source>An order has at least %1.</source>
        <translation>Ein Auftrag hat mindestens %1.</translation>
    </message>
    <message>
        <source>An order has at most %1.</source>
        <translation>Ein Auftrag hat höchstens %1.</translation>
    </message>
    <message>
        <source>Enter a stop price.</source>
        <translation>Geben Sie einen Stopp-Preis ein.</translation>
    </message>
    <message>
        <source>%1 at %2</source>
        <translation>%1 zu %2</translation>
    </message>
    <message>
        <source>Filled at once: %1.</source>
        <translation>Sofort ausgeführt: %1.</translation>
    </message>
    <message>
        <source>The order waits for its stop price.</source>
        <translation>Der Auftrag wartet auf seinen Stopp-Preis.</translation>
    </message>
    <message>
        <source>Filled %1; the rest was cancelled.</source>
        <translation>Ausgeführt: %1; der Rest wurde gestrichen.</translation>
    </message>
    <message>
        <source>Nothing could be traded; the order was cancelled.</source>
        <translation>Nichts konnte gehandelt werden; der Auftrag wurde gestrichen.</translation>
    </message>
    <message>
        <source>Filled %1; the rest is in the book.</source>
        <translation>Ausgeführt: %1; der Rest steht im Buch.</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::OrdersPanel</name>
    <message>
        <source>My open orders</source>
        <translation>Meine offenen Aufträge</translation>
    </message>
    <message>
        <source>My past orders</source>
        <translation>Meine vergangenen Aufträge</translation>
    </message>
    <message>
        <source>My fills</source>
        <translation>Meine Ausführungen</translation>
    </message>
    <message>
        <source>C&amp;hange order…</source>
        <translation>Auftrag ä&amp;ndern …</translation>
    </message>
    <message>
        <source>&amp;Cancel order</source>
        <translation>Auftrag &amp;streichen</translation>
    </message>
    <message>
        <source>Hold to cancel &amp;all</source>
        <translation>Gedrückt halten: &amp;alle streichen</translation>
    </message>
    <message>
        <source>You have no open orders.</source>
        <translation>Sie haben keine offenen Aufträge.</translation>
    </message>
    <message>
        <source>No order of yours is over yet.</source>
        <translation>Noch keiner Ihrer Aufträge ist beendet.</translation>
    </message>
    <message>
        <source>Nothing has been bought or sold yet.</source>
        <translation>Noch wurde nichts gekauft oder verkauft.</translation>
    </message>
    <message>
        <source>My orders and fills</source>
        <translation>Meine Aufträge und Ausführungen</translation>
    </message>
    <message>
        <source>Open orders</source>
        <translation>Offene Aufträge</translation>
    </message>
    <message>
        <source>Past orders</source>
        <translation>Vergangene Aufträge</translation>
    </message>
    <message>
        <source>Fills</source>
        <translation>Ausführungen</translation>
    </message>
    <message>
        <source>Cancel all orders</source>
        <translation>Alle Aufträge streichen</translation>
    </message>
    <message>
        <source>The order was changed.</source>
        <translation>Der Auftrag wurde geändert.</translation>
    </message>
    <message numerus="yes">
        <source>%n order(s) cancelled.</source>
        <translation>
            <numerusform>%n Auftrag gestrichen.</numerusform>
            <numerusform>%n Aufträge gestrichen.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tallylock::ui::PayPanel</name>
    <message>
        <source>&amp;Pay with practice coins</source>
        <translation>Mit Übungsmünzen &amp;zahlen</translation>
    </message>
    <message>
        <source>Payment</source>
        <translation>Zahlung</translation>
    </message>
    <message>
        <source>Exact amount</source>
        <translation>Genauer Betrag</translation>
    </message>
    <message>
        <source>Amount to pay</source>
        <translation>Zu zahlender Betrag</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Payment address</source>
        <translation>Zahlungsadresse</translation>
    </message>
    <message>
        <source>Payment link</source>
        <translation>Zahlungslink</translation>
    </message>
    <message>
        <source>Amount received</source>
        <translation>Erhaltener Betrag</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>Erhalten</translation>
    </message>
    <message>
        <source>Confirmations</source>
        <translation>Bestätigungen</translation>
    </message>
    <message>
        <source>Pay with practice coins</source>
        <translation>Mit Übungsmünzen zahlen</translation>
    </message>
    <message>
        <source>Copy %1</source>
        <translation>%1 kopieren</translation>
    </message>
    <message>
        <source>nothing yet</source>
        <translation>noch nichts</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>To be paid within: %1.</source>
        <translation>Zu zahlen: %1</translation>
    </message>
    <message>
        <source>The practice coins are sent. They count once they are confirmed.</source>
        <translation>Die Übungsmünzen sind gesendet. Sie zählen, sobald sie bestätigt sind.</translation>
    </message>
    <message>
        <source>Quoted price</source>
        <translation>Kurs</translation>
    </message>
    <message>
        <source>Distance from the market</source>
        <translation>Abstand zum Markt</translation>
    </message>
    <message>
        <source>%1 for 1 %2</source>
        <translation>%1 für 1 %2</translation>
    </message>
    <message>
        <source>%1 % below the market&apos;s %2</source>
        <translation>%1 % unter dem Kurs des Marktes von %2</translation>
    </message>
    <message>
        <source>%1 % above the market&apos;s %2</source>
        <translation>%1 % über dem Kurs des Marktes von %2</translation>
    </message>
    <message>
        <source>What becomes of the coins</source>
        <translation>Was aus den Münzen wird</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::PayeePanel</name>
    <message>
        <source>Pay &amp;another account…</source>
        <translation>An ein &amp;anderes Konto zahlen …</translation>
    </message>
    <message>
        <source>&amp;Pay this account</source>
        <translation>An dieses Konto &amp;zahlen</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>Ab&amp;brechen</translation>
    </message>
    <message>
        <source>Who is paid</source>
        <translation>Wer bezahlt wird</translation>
    </message>
    <message>
        <source>Pay another account</source>
        <translation>An ein anderes Konto zahlen</translation>
    </message>
    <message>
        <source>Account number</source>
        <translation>Kontonummer</translation>
    </message>
    <message>
        <source>Name of the account</source>
        <translation>Name des Kontos</translation>
    </message>
    <message>
        <source>Pay this account</source>
        <translation>An dieses Konto zahlen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Account &amp;number</source>
        <translation>Konto&amp;nummer</translation>
    </message>
    <message>
        <source>Na&amp;me of the account</source>
        <translation>Na&amp;me des Kontos</translation>
    </message>
    <message>
        <source>An account of this coordinator: an institution of yours, or somebody else&apos;s. Its number and its name stand on the Institution page of whoever holds it.</source>
        <translation>Ein Konto bei diesem Koordinator: das einer eigenen Institution oder eines anderen. Nummer und Name stehen auf der Seite „Institution“ dessen, dem es gehört.</translation>
    </message>
    <message>
        <source>When the sale is paid, the money goes to account %1, %2.</source>
        <translation>Wenn der Verkauf bezahlt wird, geht das Geld an Konto %1, %2.</translation>
    </message>
    <message>
        <source>The money of this sale goes to account %1 now.</source>
        <translation>Das Geld dieses Verkaufs geht jetzt an Konto %1.</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::PayoutsPanel</name>
    <message>
        <source>Payouts</source>
        <translation>Auszahlungen</translation>
    </message>
    <message>
        <source>Hold to &amp;approve</source>
        <translation>Gedrückt halten: &amp;freigeben</translation>
    </message>
    <message>
        <source>&amp;Cancel payout</source>
        <translation>Auszahlung &amp;streichen</translation>
    </message>
    <message>
        <source>Nothing has been paid out yet.</source>
        <translation>Noch wurde nichts ausgezahlt.</translation>
    </message>
    <message>
        <source>No payout waits for your approval.</source>
        <translation>Keine Auszahlung wartet auf Ihre Freigabe.</translation>
    </message>
    <message>
        <source>Approve payout</source>
        <translation>Auszahlung freigeben</translation>
    </message>
    <message>
        <source>Payout %1 was approved.</source>
        <translation>Auszahlung %1 wurde freigegeben.</translation>
    </message>
    <message>
        <source>Payout %1 was cancelled.</source>
        <translation>Auszahlung %1 wurde gestrichen.</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::PhrasePage</name>
    <message>
        <source>Your seed phrase</source>
        <translation>Ihre Merkphrase</translation>
    </message>
    <message>
        <source>Write these words down on paper, in this order, and keep them to yourself. They are all it takes to restore the profile, and all it takes to steal it. They are not shown again.</source>
        <translation>Schreiben Sie diese Wörter in dieser Reihenfolge auf Papier und zeigen Sie sie niemandem. Mehr braucht es nicht, um das Profil wiederherzustellen – und mehr braucht auch kein Dieb. Sie werden nicht noch einmal gezeigt.</translation>
    </message>
    <message>
        <source>I have &amp;written them down</source>
        <translation>Ich habe sie &amp;aufgeschrieben</translation>
    </message>
    <message>
        <source>I have written them down</source>
        <translation>Ich habe sie aufgeschrieben</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::PreviewPage</name>
    <message>
        <source>A small &amp;picture of the file</source>
        <translation>Ein kleines &amp;Bild der Datei</translation>
    </message>
    <message>
        <source>The first &amp;lines</source>
        <translation>Die ersten &amp;Zeilen</translation>
    </message>
    <message>
        <source>&amp;Another picture</source>
        <translation>Ein &amp;anderes Bild</translation>
    </message>
    <message>
        <source>&amp;None: name, kind and size only</source>
        <translation>&amp;Keine: nur Name, Art und Größe</translation>
    </message>
    <message>
        <source>Number of lines</source>
        <translation>Zahl der Zeilen</translation>
    </message>
    <message>
        <source>lines</source>
        <translation>Zeilen</translation>
    </message>
    <message>
        <source>Choose a picture…</source>
        <translation>Bild wählen …</translation>
    </message>
    <message>
        <source>Choose what people see before they buy. This and nothing else of the file is published.</source>
        <translation>Wählen Sie, was man vor dem Kauf sieht. Dies und sonst nichts aus der Datei wird veröffentlicht.</translation>
    </message>
    <message>
        <source>As buyers will see it</source>
        <translation>So sehen es die Käufer</translation>
    </message>
    <message>
        <source>Choose a picture to show</source>
        <translation>Bild zum Zeigen wählen</translation>
    </message>
    <message>
        <source>Pictures (*.png *.jpg *.jpeg *.gif *.bmp *.webp *.svg)</source>
        <translation>Bilder (*.png *.jpg *.jpeg *.gif *.bmp *.webp *.svg)</translation>
    </message>
    <message>
        <source>This is not a picture that can be shown. Choose a PNG or JPEG file.</source>
        <translation>Dieses Bild kann nicht gezeigt werden. Wählen Sie eine PNG- oder JPEG-Datei.</translation>
    </message>
    <message>
        <source>Choose the picture to show, or another preview.</source>
        <translation>Wählen Sie das Bild oder eine andere Vorschau.</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <source>Put a tracking &amp;mark into it</source>
        <translation>&amp;Markierung einsetzen</translation>
    </message>
    <message>
        <source>Words across the picture</source>
        <translation>Worte quer über das Bild</translation>
    </message>
    <message>
        <source>Tracking mark</source>
        <translation>Markierung</translation>
    </message>
    <message>
        <source>What the fi&amp;le says of itself</source>
        <translation>Was die &amp;Datei von sich sagt</translation>
    </message>
    <message>
        <source>There is no picture of this file. %1 Choose another picture, or go on without one.</source>
        <translation>Von dieser Datei gibt es kein Bild. %1 Wählen Sie ein anderes Bild oder gehen Sie ohne weiter.</translation>
    </message>
    <message>
        <source>Looking into the picture…</source>
        <translation>Das Bild wird angesehen …</translation>
    </message>
    <message>
        <source>This file cannot be marked here.</source>
        <translation>Diese Datei kann hier nicht markiert werden.</translation>
    </message>
    <message>
        <source>The file carries a mark already. A new one takes its place, %1.</source>
        <translation>Die Datei trägt schon eine Markierung. Eine neue tritt an ihre Stelle, %1.</translation>
    </message>
    <message>
        <source>Says, signed, that this asset is yours and who has owned it. Its place: %1. Your own file stays as it is.</source>
        <translation>Sagt unterschrieben, dass dies Ihr Werk ist und wem es gehört hat. Ihr Platz: %1. Ihre eigene Datei bleibt, wie sie ist.</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::PreviewPicture</name>
    <message>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>in the file&apos;s metadata</source>
        <translation>in den Metadaten der Datei</translation>
    </message>
    <message>
        <source>at the end of the file</source>
        <translation>am Ende der Datei</translation>
    </message>
    <message>
        <source>in a small file beside it</source>
        <translation>in einer kleinen Datei daneben</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::ProfilePage</name>
    <message>
        <source>Name and passphrase</source>
        <translation>Name und Passphrase</translation>
    </message>
    <message>
        <source>Others see the name. The passphrase locks the profile on this machine; it is asked for each time the profile is opened.</source>
        <translation>Den Namen sehen andere. Die Passphrase schließt das Profil auf diesem Rechner ab; sie wird bei jedem Öffnen verlangt.</translation>
    </message>
    <message>
        <source>Profile name</source>
        <translation>Profilname</translation>
    </message>
    <message>
        <source>letters, digits, - and _</source>
        <translation>Buchstaben, Ziffern, - und _</translation>
    </message>
    <message>
        <source>New passphrase</source>
        <translation>Neue Passphrase</translation>
    </message>
    <message>
        <source>at least 8 characters</source>
        <translation>mindestens 8 Zeichen</translation>
    </message>
    <message>
        <source>Passphrase again</source>
        <translation>Passphrase noch einmal</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>&amp;Passphrase</source>
        <translation>&amp;Passphrase</translation>
    </message>
    <message>
        <source>Passphrase &amp;again</source>
        <translation>Passphrase &amp;noch einmal</translation>
    </message>
    <message>
        <source>&amp;Create profile</source>
        <translation>Profil &amp;anlegen</translation>
    </message>
    <message>
        <source>Create profile</source>
        <translation>Profil anlegen</translation>
    </message>
    <message>
        <source>The two passphrases differ. Type both again.</source>
        <translation>Die beiden Passphrasen sind verschieden. Bitte beide noch einmal eingeben.</translation>
    </message>
    <message>
        <source>Creating the profile…</source>
        <translation>Das Profil wird angelegt …</translation>
    </message>
    <message>
        <source>&amp;Keep it in the system&apos;s keychain instead of asking for a passphrase</source>
        <translation>Im &amp;Schlüsselbund des Systems aufbewahren, statt nach einer Passphrase zu fragen</translation>
    </message>
    <message>
        <source>Keep in the system&apos;s keychain</source>
        <translation>Im Schlüsselbund des Systems aufbewahren</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::ProgressPanel</name>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Anhalten</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation>&amp;Fortsetzen</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>%1, paused</source>
        <extracomment>amount done</extracomment>
        <translation>%1, angehalten</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Beginnt</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>%1, %2 per second, %3 left</source>
        <extracomment>amount done, speed, time left</extracomment>
        <translation>%1, %2 pro Sekunde, noch %3</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::QuotePanel</name>
    <message>
        <source>&amp;Get a new quote</source>
        <translation>&amp;Neuen Kurs holen</translation>
    </message>
    <message>
        <source>&amp;Agree to the new quote</source>
        <translation>Dem neuen Kurs &amp;zustimmen</translation>
    </message>
    <message>
        <source>New quote</source>
        <translation>Neuer Kurs</translation>
    </message>
    <message>
        <source>The quote has lapsed</source>
        <translation>Der Kurs gilt nicht mehr</translation>
    </message>
    <message>
        <source>What to do about the quote</source>
        <translation>Was mit dem Kurs zu tun ist</translation>
    </message>
    <message>
        <source>Get a new quote</source>
        <translation>Neuen Kurs holen</translation>
    </message>
    <message>
        <source>Agree to the new quote</source>
        <translation>Dem neuen Kurs zustimmen</translation>
    </message>
    <message>
        <source>%1 had to be paid in time, and market prices have moved since. Do not pay it any more; get a new quote first. Without one this sale ends (%2), and nothing is owed.</source>
        <translation>%1 waren rechtzeitig zu zahlen; seitdem haben sich die Marktpreise bewegt. Zahlen Sie das nicht mehr, holen Sie zuerst einen neuen Kurs. Ohne ihn endet dieser Verkauf (%2), und Sie schulden nichts.</translation>
    </message>
    <message>
        <source>%1 had to be paid in time. You have paid %2, which is safe. A new quote is being made.</source>
        <translation>%1 waren rechtzeitig zu zahlen. Sie haben %2 gezahlt; dieses Geld ist sicher. Ein neuer Kurs wird gebildet.</translation>
    </message>
    <message>
        <source>If you do not agree, or it is not paid in time, all your coins come back to you.</source>
        <translation>Wenn Sie nicht zustimmen oder nicht rechtzeitig zahlen, kommen alle Ihre Münzen zu Ihnen zurück.</translation>
    </message>
    <message>
        <source>You have paid %1. By the new quote (%2) the price is %3: agree, and pay the missing %4 to the same address.</source>
        <translation>Sie haben %1 gezahlt. Nach dem neuen Kurs (%2) ist der Preis %3: Stimmen Sie zu und zahlen Sie die fehlenden %4 an dieselbe Adresse.</translation>
    </message>
    <message>
        <source>You have paid %1. By the new quote (%2) the price is %3, and what is above it comes back to you.</source>
        <translation>Sie haben %1 gezahlt. Nach dem neuen Kurs (%2) ist der Preis %3; was darüber liegt, kommt zu Ihnen zurück.</translation>
    </message>
    <message>
        <source>A new quote is being made.</source>
        <translation>Ein neuer Kurs wird gebildet.</translation>
    </message>
    <message>
        <source>You have agreed to the new quote.</source>
        <translation>Sie haben dem neuen Kurs zugestimmt.</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::RegisterPanel</name>
    <message>
        <source>&amp;Register institution</source>
        <translation>Institution &amp;anmelden</translation>
    </message>
    <message>
        <source>Register an institution</source>
        <translation>Eine Institution anmelden</translation>
    </message>
    <message>
        <source>An institution has several users, each with roles and devices of their own. You become its first administrator. A profile that does not register here is the account of one person from its first deposit or order on.</source>
        <translation>Eine Institution hat mehrere Nutzer, jeder mit eigenen Rollen und Geräten. Sie werden ihr erster Verwalter. Ein Profil, das sich hier nicht anmeldet, ist ab der ersten Einzahlung oder dem ersten Auftrag das Konto einer einzelnen Person.</translation>
    </message>
    <message>
        <source>&amp;Name of the institution</source>
        <translation>&amp;Name der Institution</translation>
    </message>
    <message>
        <source>Name of the institution</source>
        <translation>Name der Institution</translation>
    </message>
    <message>
        <source>Join an institution</source>
        <translation>Einer Institution beitreten</translation>
    </message>
    <message>
        <source>Give this key to an administrator of the institution, who adds you as a user with it. Then its account shows up here.</source>
        <translation>Geben Sie diesen Schlüssel einem Verwalter der Institution, der Sie damit als Nutzer hinzufügt. Dann erscheint ihr Konto hier.</translation>
    </message>
    <message>
        <source>My key</source>
        <translation>Mein Schlüssel</translation>
    </message>
    <message>
        <source>Enter the institution&apos;s name.</source>
        <translation>Geben Sie den Namen der Institution ein.</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::Reminders</name>
    <message>
        <source>“%1” waits for you: %2.</source>
        <translation>„%1“ wartet auf Sie: %2.</translation>
    </message>
    <message>
        <source>Is “%1” as described? To object: %2.</source>
        <translation>Ist „%1“ wie beschrieben? Zum Beanstanden: %2.</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::RestorePage</name>
    <message>
        <source>Restore from a seed phrase</source>
        <translation>Aus einer Merkphrase wiederherstellen</translation>
    </message>
    <message>
        <source>Number of words</source>
        <translation>Anzahl der Wörter</translation>
    </message>
    <message>
        <source>&amp;Continue</source>
        <translation>&amp;Weiter</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Word %1</source>
        <translation>Wort %1</translation>
    </message>
    <message>
        <source>Word %1 is missing.</source>
        <translation>Wort %1 fehlt.</translation>
    </message>
    <message>
        <source>%1 words</source>
        <translation>%1 Wörter</translation>
    </message>
    <message>
        <source>Type the words in their order, in whatever language they are; a few letters of each are enough. The whole phrase may also be pasted into the first field.</source>
        <translation>Geben Sie die Wörter der Reihe nach ein, in welcher Sprache auch immer; einige Buchstaben genügen jeweils. Die ganze Merkphrase kann auch in das erste Feld eingefügt werden.</translation>
    </message>
    <message>
        <source>Passphrase of the phrase</source>
        <translation>Passphrase der Merkphrase</translation>
    </message>
    <message>
        <source>mostly none</source>
        <translation>meist keine</translation>
    </message>
    <message>
        <source>Some phrases belong to a passphrase of their own; another one gives another identity.</source>
        <translation>Manche Merkphrasen haben eine eigene Passphrase; eine andere ergibt eine andere Identität.</translation>
    </message>
    <message>
        <source>&amp;Passphrase of the phrase</source>
        <translation>&amp;Passphrase der Merkphrase</translation>
    </message>
    <message>
        <source>This word is in no word list.</source>
        <translation>Dieses Wort steht in keiner Wortliste.</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::ReviewPage</name>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>Preis</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Beschreibung</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>%1, published as shown</source>
        <translation>%1, veröffentlicht wie gezeigt</translation>
    </message>
    <message>
        <source>Encryption</source>
        <translation>Verschlüsselung</translation>
    </message>
    <message>
        <source>On this computer, under a key that only you hold until you accept an offer</source>
        <translation>Auf diesem Rechner, mit einem Schlüssel, den nur Sie haben, bis Sie ein Angebot annehmen</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Encrypt</source>
        <translation>Verschlüsseln</translation>
    </message>
    <message>
        <source>Tracking mark</source>
        <translation>Markierung</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::RulesPanel</name>
    <message>
        <source>Hold to set these rules</source>
        <translation>Gedrückt halten: Regeln setzen</translation>
    </message>
    <message>
        <source>Approvals by others</source>
        <translation>Freigaben durch andere</translation>
    </message>
    <message>
        <source> h</source>
        <translation> Std.</translation>
    </message>
    <message>
        <source>Waiting time in hours</source>
        <translation>Wartezeit in Stunden</translation>
    </message>
    <message>
        <source>Unit of the limits</source>
        <translation>Einheit der Grenzen</translation>
    </message>
    <message>
        <source>Most that a user may pay out in a day</source>
        <translation>Höchstbetrag, den ein Nutzer am Tag auszahlen darf</translation>
    </message>
    <message>
        <source>Most that all users may pay out in a day</source>
        <translation>Höchstbetrag, den alle Nutzer am Tag auszahlen dürfen</translation>
    </message>
    <message>
        <source>No limit</source>
        <translation>Keine Grenze</translation>
    </message>
    <message>
        <source>Approvals by &amp;other treasurers</source>
        <translation>Freigaben durch a&amp;ndere</translation>
    </message>
    <message>
        <source>What is new &amp;waits</source>
        <translation>Neues &amp;wartet</translation>
    </message>
    <message>
        <source>&amp;Limits in</source>
        <translation>&amp;Grenzen in</translation>
    </message>
    <message>
        <source>A &amp;user a day</source>
        <translation>Ein N&amp;utzer am Tag</translation>
    </message>
    <message>
        <source>&amp;All users a day</source>
        <translation>&amp;Alle Nutzer am Tag</translation>
    </message>
    <message>
        <source>Rules for payouts</source>
        <translation>Regeln für Auszahlungen</translation>
    </message>
    <message>
        <source>New are addresses, devices, and whoever becomes a treasurer. What is stricter begins at once; anything looser needs the approvals of the rules in force, and then waits.</source>
        <translation>Neu sind Adressen, Geräte und wer Schatzmeister wird. Was strenger ist, gilt sofort; was lockerer ist, braucht die Freigaben der geltenden Regeln und wartet dann.</translation>
    </message>
    <message>
        <source>Amount to be moved</source>
        <translation>Betrag, der bewegt werden soll</translation>
    </message>
    <message>
        <source>Who could move it now</source>
        <translation>Wer ihn jetzt bewegen könnte</translation>
    </message>
    <message>
        <source>Who could move it under these rules</source>
        <translation>Wer ihn nach diesen Regeln bewegen könnte</translation>
    </message>
    <message>
        <source>A&amp;mount</source>
        <translation>&amp;Betrag</translation>
    </message>
    <message>
        <source>Who could move this?</source>
        <translation>Wer könnte das bewegen?</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Jetzt</translation>
    </message>
    <message>
        <source>Under the rules on this page</source>
        <translation>Nach den Regeln auf dieser Seite</translation>
    </message>
    <message>
        <source>Nobody</source>
        <translation>Niemand</translation>
    </message>
    <message>
        <source>%1 alone</source>
        <translation>%1 allein</translation>
    </message>
    <message>
        <source>Only all together: %1</source>
        <translation>Nur alle zusammen: %1</translation>
    </message>
    <message>
        <source>Each of: %1</source>
        <translation>Jeder von: %1</translation>
    </message>
    <message>
        <source>Any %1 of: %2</source>
        <translation>Je %1 von: %2</translation>
    </message>
    <message>
        <source>The rules are in force.</source>
        <translation>Die Regeln gelten.</translation>
    </message>
    <message>
        <source>The rules are looser in some point: they wait, and may need approval.</source>
        <translation>Die Regeln sind in einem Punkt lockerer: sie warten und brauchen vielleicht Freigaben.</translation>
    </message>
    <message>
        <source>One-time codes</source>
        <translation>Einmalcodes</translation>
    </message>
    <message>
        <source>Payouts, approvals, new addresses and changes of these rules. Whoever does such a thing needs an authenticator: menu File, One-time codes.</source>
        <translation>Auszahlungen, Freigaben, neue Adressen und Änderungen dieser Regeln. Wer so etwas tut, braucht eine Authenticator-App: Menü Datei, Einmalcodes.</translation>
    </message>
    <message>
        <source>Payouts take a one-time &amp;code</source>
        <translation>Auszahlungen brauchen einen Einmal&amp;code</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::SaleDelegate</name>
    <message>
        <source>Buying</source>
        <translation>Kauf</translation>
    </message>
    <message>
        <source>Selling</source>
        <translation>Verkauf</translation>
    </message>
    <message>
        <source>needs you</source>
        <translation>braucht Sie</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::SaleLines</name>
    <message>
        <source>Open sale</source>
        <translation>Verkauf öffnen</translation>
    </message>
    <message>
        <source>Open sale %1</source>
        <translation>Verkauf %1 öffnen</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::SalePage</name>
    <message>
        <source>You</source>
        <translation>Sie</translation>
    </message>
    <message>
        <source>&amp;Unlock in the library</source>
        <translation>In der Bibliothek &amp;entsperren</translation>
    </message>
    <message>
        <source>State of the sale</source>
        <translation>Zustand des Verkaufs</translation>
    </message>
    <message>
        <source>What comes next</source>
        <translation>Was als Nächstes kommt</translation>
    </message>
    <message>
        <source>Unlock in the library</source>
        <translation>In der Bibliothek entsperren</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>The fourteen steps</source>
        <translation>Die vierzehn Schritte</translation>
    </message>
    <message>
        <source>You buy from %1 for %2.</source>
        <translation>Sie kaufen von %1 für %2.</translation>
    </message>
    <message>
        <source>You sell to %1 for %2.</source>
        <translation>Sie verkaufen an %1 für %2.</translation>
    </message>
    <message>
        <source>Who acts next: %1</source>
        <translation>Als Nächstes handelt: %1</translation>
    </message>
    <message>
        <source>Fee: %1</source>
        <translation>Gebühr: %1</translation>
    </message>
    <message>
        <source>Held back until the sale is over: %1</source>
        <translation>Einbehalten, bis der Verkauf zu Ende ist: %1</translation>
    </message>
    <message>
        <source>Key server: %1</source>
        <translation>Schlüsselserver: %1</translation>
    </message>
    <message>
        <source>Contract: %1</source>
        <translation>Vertrag: %1</translation>
    </message>
    <message>
        <source>Save the e&amp;vidence…</source>
        <translation>Be&amp;weis sichern …</translation>
    </message>
    <message>
        <source>Save the evidence</source>
        <translation>Beweis sichern</translation>
    </message>
    <message>
        <source>A file that proves to others what was signed in this sale. It holds no secret.</source>
        <translation>Eine Datei, die anderen beweist, was in diesem Verkauf unterschrieben wurde. Sie enthält kein Geheimnis.</translation>
    </message>
    <message>
        <source>sale-%1.evidence</source>
        <translation>verkauf-%1.evidence</translation>
    </message>
    <message>
        <source>Evidence (*.evidence)</source>
        <translation>Beweis (*.evidence)</translation>
    </message>
    <message>
        <source>The evidence was saved. Whoever has Tallylock can check it, also without a network.</source>
        <translation>Der Beweis wurde gesichert. Wer Tallylock hat, kann ihn prüfen, auch ohne Netz.</translation>
    </message>
    <message>
        <source>The file could not be written: %1</source>
        <translation>Die Datei konnte nicht geschrieben werden: %1</translation>
    </message>
    <message>
        <source>Standby key server, which has taken over: %1</source>
        <translation>Ersatz-Schlüsselserver, der übernommen hat: %1</translation>
    </message>
    <message>
        <source>Standby key server: %1</source>
        <translation>Ersatz-Schlüsselserver: %1</translation>
    </message>
    <message>
        <source>Delivery</source>
        <translation>Lieferung</translation>
    </message>
    <message>
        <source>The key comes by: %1</source>
        <translation>Der Schlüssel kommt auf: %1</translation>
    </message>
    <message>
        <source>Coordinator and key server are one machine: whoever has it has both parts.</source>
        <translation>Koordinator und Schlüsselserver sind eine Maschine: Wer sie hat, hat beide Teile.</translation>
    </message>
    <message>
        <source>Paid to: account %1, %2</source>
        <translation>Gezahlt an: Konto %1, %2</translation>
    </message>
    <message>
        <source>Delivered: %1</source>
        <translation>Geliefert wird: %1</translation>
    </message>
    <message>
        <source>The buyer pays: %1</source>
        <translation>Der Käufer zahlt: %1</translation>
    </message>
    <message>
        <source>Sold of the coins: %1</source>
        <translation>Davon verkaufte Münzen: %1</translation>
    </message>
    <message>
        <source>Pay nothing now: the price in coins is to be fixed anew.</source>
        <translation>Zahlen Sie jetzt nichts: Der Preis in Münzen wird neu festgelegt.</translation>
    </message>
    <message>
        <source>Coins that come back go to: %1</source>
        <translation>Münzen, die zurückkommen, gehen an: %1</translation>
    </message>
    <message>
        <source>You buy for %1.</source>
        <translation>Sie kaufen für %1.</translation>
    </message>
    <message>
        <source>You sell for %1.</source>
        <translation>Sie verkaufen für %1.</translation>
    </message>
    <message>
        <source>In escrow until the seller is paid: %1</source>
        <translation>In Treuhand, bis der Verkäufer bezahlt ist: %1</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::SalesView</name>
    <message>
        <source>Go to the shop</source>
        <translation>Zum Laden</translation>
    </message>
    <message>
        <source>Sales</source>
        <translation>Verkäufe</translation>
    </message>
    <message>
        <source>Sale</source>
        <translation>Verkauf</translation>
    </message>
    <message>
        <source>No sales yet</source>
        <translation>Noch keine Verkäufe</translation>
    </message>
    <message>
        <source>Here you follow what you buy and what you sell, step by step. Make an offer in the shop, or put a file of your own up for sale.</source>
        <translation>Hier verfolgen Sie Schritt für Schritt, was Sie kaufen und verkaufen. Machen Sie im Laden ein Angebot, oder bieten Sie eine eigene Datei an.</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::SealPage</name>
    <message>
        <source>Encrypted and ready to publish</source>
        <translation>Verschlüsselt und bereit zum Veröffentlichen</translation>
    </message>
    <message>
        <source>Publishing uploads the encrypted file and puts the listing on offer. Nobody can open the file before you have been paid.</source>
        <translation>Beim Veröffentlichen wird die verschlüsselte Datei hochgeladen und angeboten. Niemand kann sie öffnen, bevor Sie bezahlt sind.</translation>
    </message>
    <message>
        <source>Encrypting %1</source>
        <translation>%1 wird verschlüsselt</translation>
    </message>
    <message>
        <source>Encrypted</source>
        <translation>Verschlüsselt</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>Preis</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>%1, encrypted %2</source>
        <translation>%1, verschlüsselt %2</translation>
    </message>
    <message>
        <source>Portions</source>
        <translation>Abschnitte</translation>
    </message>
    <message>
        <source>Recipient</source>
        <translation>Empfänger</translation>
    </message>
    <message>
        <source>Root of the portions</source>
        <translation>Wurzel der Abschnitte</translation>
    </message>
    <message>
        <source>Asset</source>
        <translation>Gut</translation>
    </message>
    <message>
        <source>The file is still being encrypted.</source>
        <translation>Die Datei wird noch verschlüsselt.</translation>
    </message>
    <message>
        <source>Publishing…</source>
        <translation>Wird veröffentlicht …</translation>
    </message>
    <message>
        <source>Encrypt</source>
        <translation>Verschlüsseln</translation>
    </message>
    <message>
        <source>Publish</source>
        <translation>Veröffentlichen</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::SecretWords</name>
    <message>
        <source>The second part as twelve words</source>
        <translation>Der zweite Teil als zwölf Wörter</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::SellPage</name>
    <message>
        <source>Next</source>
        <translation>Weiter</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::SellView</name>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Sell</source>
        <translation>Verkaufen</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Weiter</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::ServersNotice</name>
    <message>
        <source>Coordinator</source>
        <translation>Koordinator</translation>
    </message>
    <message>
        <source>Key server</source>
        <translation>Schlüsselserver</translation>
    </message>
    <message>
        <source>Standby key server</source>
        <translation>Ersatz-Schlüsselserver</translation>
    </message>
    <message>
        <source>connecting</source>
        <translation>verbindet</translation>
    </message>
    <message>
        <source>connected</source>
        <translation>verbunden</translation>
    </message>
    <message>
        <source>does not answer</source>
        <translation>antwortet nicht</translation>
    </message>
    <message>
        <source>somebody else answers</source>
        <translation>jemand anderes antwortet</translation>
    </message>
    <message>
        <source>does not let this app in</source>
        <translation>lässt diese App nicht ein</translation>
    </message>
    <message>
        <source>%1: at %2 somebody else answers, not the one that this app trusts. Nothing is sent there. If its keys were changed, its operator will have told you.</source>
        <translation>%1: Unter %2 antwortet jemand anderes, nicht der, dem diese App vertraut. Dorthin wird nichts gesendet. Wenn seine Schlüssel gewechselt wurden, hat Ihnen der Betreiber das mitgeteilt.</translation>
    </message>
    <message>
        <source>%1: %2 does not let this app in (%3). It is tried again.</source>
        <translation>%1: %2 lässt diese App nicht ein (%3). Es wird weiter versucht.</translation>
    </message>
    <message>
        <source>The coordinator at %1 does not answer. What is shown may be old. It is tried again; what you have signed is kept and sent then.</source>
        <translation>Der Koordinator unter %1 antwortet nicht. Was Sie sehen, kann veraltet sein. Es wird weiter versucht; was Sie unterschrieben haben, ist aufbewahrt und wird dann gesendet.</translation>
    </message>
    <message>
        <source>The key server at %1 does not answer. No keys can be brought or fetched until it does. It is tried again.</source>
        <translation>Der Schlüsselserver unter %1 antwortet nicht. So lange können keine Schlüssel gebracht oder geholt werden. Es wird weiter versucht.</translation>
    </message>
    <message>
        <source>Servers</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>%1: %2 (%3)</source>
        <translation>%1: %2 (%3)</translation>
    </message>
    <message>
        <source>Connected</source>
        <translation>Verbunden</translation>
    </message>
    <message>
        <source>Not connected</source>
        <translation>Nicht verbunden</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::ShopView</name>
    <message>
        <source>Sell a file</source>
        <translation>Eine Datei verkaufen</translation>
    </message>
    <message>
        <source>Shop</source>
        <translation>Laden</translation>
    </message>
    <message>
        <source>Nothing is on offer yet</source>
        <translation>Noch wird nichts angeboten</translation>
    </message>
    <message>
        <source>Encrypted files that people sell show up here. You can be the first.</source>
        <translation>Hier erscheinen verschlüsselte Dateien, die verkauft werden. Machen Sie den Anfang.</translation>
    </message>
    <message>
        <source>No listing matches</source>
        <translation>Kein Angebot passt</translation>
    </message>
    <message>
        <source>Try fewer or other words, or show those that are taken.</source>
        <translation>Versuchen Sie weniger oder andere Wörter, oder zeigen Sie auch die vergebenen.</translation>
    </message>
    <message>
        <source>Clear search</source>
        <translation>Suche leeren</translation>
    </message>
    <message>
        <source>Search names, descriptions and sellers</source>
        <translation>Namen, Beschreibungen und Verkäufer suchen</translation>
    </message>
    <message>
        <source>Search listings</source>
        <translation>Angebote suchen</translation>
    </message>
    <message>
        <source>&amp;Hide taken</source>
        <translation>&amp;Vergebene ausblenden</translation>
    </message>
    <message>
        <source>Hide taken</source>
        <translation>Vergebene ausblenden</translation>
    </message>
    <message>
        <source>Sort by</source>
        <translation>Sortieren nach</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>Neueste zuerst</translation>
    </message>
    <message>
        <source>Lowest price first</source>
        <translation>Niedrigster Preis zuerst</translation>
    </message>
    <message>
        <source>Highest price first</source>
        <translation>Höchster Preis zuerst</translation>
    </message>
    <message>
        <source>By name</source>
        <translation>Nach Namen</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::SigningAction</name>
    <message>
        <source>&amp;Sign each order by itself</source>
        <translation>Jeden Auftrag einzeln &amp;unterschreiben</translation>
    </message>
    <message>
        <source>Otherwise the coordinator vouches that an order came from you. With a signature under each order nobody has to take its word; placing one takes a little longer.</source>
        <translation>Sonst bürgt der Koordinator dafür, dass ein Auftrag von Ihnen kam. Mit einer Unterschrift unter jedem Auftrag muss ihm das niemand glauben; einen zu geben, dauert dann etwas länger.</translation>
    </message>
    <message>
        <source>From now on each order is signed by itself.</source>
        <translation>Von jetzt an wird jeder Auftrag einzeln unterschrieben.</translation>
    </message>
    <message>
        <source>From now on the coordinator vouches for your orders.</source>
        <translation>Von jetzt an bürgt der Koordinator für Ihre Aufträge.</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::SpotPanel</name>
    <message>
        <source>&amp;Check some portions now</source>
        <translation>Einige &amp;Portionen jetzt prüfen</translation>
    </message>
    <message>
        <source>Save the &amp;portions…</source>
        <translation>Die &amp;Portionen speichern …</translation>
    </message>
    <message>
        <source>Spot check</source>
        <translation>Stichprobe</translation>
    </message>
    <message>
        <source>Spot check before paying</source>
        <translation>Stichprobe vor dem Zahlen</translation>
    </message>
    <message>
        <source>Result of the spot check</source>
        <translation>Ergebnis der Stichprobe</translation>
    </message>
    <message>
        <source>Checking portions</source>
        <translation>Portionen werden geprüft</translation>
    </message>
    <message>
        <source>Check some portions</source>
        <translation>Einige Portionen prüfen</translation>
    </message>
    <message>
        <source>Save the portions</source>
        <translation>Die Portionen speichern</translation>
    </message>
    <message>
        <source>You and the key server draw some portions of the file together, so that neither can choose them. The key server opens them for you, and this app proves that they belong to the file that the seller has sealed. Of this file&apos;s %1 portions, %2 are ever opened before a payment.</source>
        <translation>Sie und der Schlüsselserver ziehen gemeinsam einige Portionen der Datei, so dass keiner sie aussuchen kann. Der Schlüsselserver öffnet sie für Sie, und dieses Programm beweist, dass sie zu der Datei gehören, die der Verkäufer versiegelt hat. Von den %1 Portionen dieser Datei werden höchstens %2 jemals vor einer Zahlung geöffnet.</translation>
    </message>
    <message>
        <source>Check a&amp;gain</source>
        <translation>&amp;Noch einmal prüfen</translation>
    </message>
    <message>
        <source>Passed</source>
        <translation>Bestanden</translation>
    </message>
    <message>
        <source>These portions were opened with the very key that is kept for you. They belong to the sealed file and to the content that the seller has bound, by both roots in the signed terms.</source>
        <translation>Diese Portionen wurden mit eben dem Schlüssel geöffnet, der für Sie aufbewahrt wird. Sie gehören zur versiegelten Datei und zu dem Inhalt, an den der Verkäufer sich gebunden hat, nach beiden Wurzeln in den unterschriebenen Bedingungen.</translation>
    </message>
    <message>
        <source>Drawn by you and the key server</source>
        <translation>Von Ihnen und dem Schlüsselserver gezogen</translation>
    </message>
    <message>
        <source>Opened for an earlier buyer</source>
        <translation>Für einen früheren Käufer geöffnet</translation>
    </message>
    <message>
        <source>Opened so far</source>
        <translation>Bisher geöffnet</translation>
    </message>
    <message>
        <source>%1 of the %2 that are ever opened, out of %3 portions</source>
        <translation>%1 von den höchstens %2, die jemals geöffnet werden, von %3 Portionen</translation>
    </message>
    <message>
        <source>Checked</source>
        <translation>Geprüft</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>Gespeichert</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>The spot check failed. Do not pay. The sale ends by itself at its deadline, and nothing is lost. If the fault was a passing one, you can check again.</source>
        <translation>Die Stichprobe ist fehlgeschlagen. Zahlen Sie nicht. Der Verkauf endet zu seiner Frist von selbst, und nichts ist verloren. War der Fehler vorübergehend, können Sie noch einmal prüfen.</translation>
    </message>
    <message>
        <source>What did not fit</source>
        <translation>Was nicht passte</translation>
    </message>
    <message>
        <source>Whose doing</source>
        <translation>Verursacher</translation>
    </message>
    <message>
        <source>Save the portions in a folder</source>
        <translation>Die Portionen in einem Ordner speichern</translation>
    </message>
    <message numerus="yes">
        <source>This file has %n portion(s). Under 100, none of them may be opened before it is paid, so there is no spot check. What you can check are the preview and the seller.</source>
        <translation>
            <numerusform>Diese Datei hat %n Portion. Unter 100 darf keine davon geöffnet werden, bevor sie bezahlt ist; deshalb gibt es keine Stichprobe. Prüfen können Sie die Vorschau und den Verkäufer.</numerusform>
            <numerusform>Diese Datei hat %n Portionen. Unter 100 darf keine davon geöffnet werden, bevor sie bezahlt ist; deshalb gibt es keine Stichprobe. Prüfen können Sie die Vorschau und den Verkäufer.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tallylock::ui::StartPage</name>
    <message>
        <source>Welcome to Tallylock</source>
        <translation>Willkommen bei Tallylock</translation>
    </message>
    <message>
        <source>Profiles</source>
        <translation>Profile</translation>
    </message>
    <message>
        <source>%1 (open)</source>
        <translation>%1 (geöffnet)</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>&amp;Passphrase</source>
        <translation>&amp;Passphrase</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>Ö&amp;ffnen</translation>
    </message>
    <message>
        <source>Open profile</source>
        <translation>Profil öffnen</translation>
    </message>
    <message>
        <source>Open a profile</source>
        <translation>Ein Profil öffnen</translation>
    </message>
    <message>
        <source>Begin here</source>
        <translation>Hier beginnen</translation>
    </message>
    <message>
        <source>Another profile</source>
        <translation>Ein weiteres Profil</translation>
    </message>
    <message>
        <source>A profile is one identity, with its own seed phrase, money and library. Its seed phrase alone restores it anywhere: listings, open sales and what was bought.</source>
        <translation>Ein Profil ist eine Identität mit eigener Merkphrase, eigenem Geld und eigener Bibliothek. Allein die Merkphrase stellt es überall wieder her: Angebote, laufende Verkäufe und Gekauftes.</translation>
    </message>
    <message>
        <source>&amp;Create a profile</source>
        <translation>Profil &amp;anlegen</translation>
    </message>
    <message>
        <source>Create a profile</source>
        <translation>Profil anlegen</translation>
    </message>
    <message>
        <source>&amp;Restore from a seed phrase</source>
        <translation>Aus einer Merkphrase &amp;wiederherstellen</translation>
    </message>
    <message>
        <source>Restore from a seed phrase</source>
        <translation>Aus einer Merkphrase wiederherstellen</translation>
    </message>
    <message>
        <source>Choose a profile first.</source>
        <translation>Bitte zuerst ein Profil wählen.</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>Wird geöffnet …</translation>
    </message>
    <message>
        <source>The system&apos;s keychain opens this profile.</source>
        <translation>Dieses Profil öffnet der Schlüsselbund des Systems.</translation>
    </message>
    <message>
        <source>Sell and buy encrypted files: the key is handed over when the money has moved.</source>
        <translation>Verschlüsselte Dateien verkaufen und kaufen: Der Schlüssel wird übergeben, wenn das Geld geflossen ist.</translation>
    </message>
    <message>
        <source>This is for practice: the coins and the bank money here are worth nothing.</source>
        <translation>Dies ist zum Üben: Die Münzen und das Bankgeld hier sind nichts wert.</translation>
    </message>
    <message>
        <source>Coordinator: %1</source>
        <translation>Koordinator: %1</translation>
    </message>
    <message>
        <source>Coordinator: inside this app</source>
        <translation>Koordinator: in diesem Programm</translation>
    </message>
    <message>
        <source>C&amp;hange…</source>
        <translation>Ä&amp;ndern …</translation>
    </message>
    <message>
        <source>Change the coordinator</source>
        <translation>Den Koordinator ändern</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::StatementPanel</name>
    <message>
        <source>Statement</source>
        <translation>Auszug</translation>
    </message>
    <message>
        <source>Show &amp;older entries</source>
        <translation>Ä&amp;ltere Einträge zeigen</translation>
    </message>
    <message>
        <source>&amp;Export as CSV…</source>
        <translation>Als CSV &amp;speichern …</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>&amp;Anhalten</translation>
    </message>
    <message>
        <source>Nothing has moved in this unit yet.</source>
        <translation>In dieser Einheit hat sich noch nichts bewegt.</translation>
    </message>
    <message>
        <source>Entries shown</source>
        <translation>Gezeigte Einträge</translation>
    </message>
    <message>
        <source>Stop the export</source>
        <translation>Das Speichern anhalten</translation>
    </message>
    <message>
        <source>The export was stopped. No file was written.</source>
        <translation>Das Speichern wurde angehalten. Es wurde keine Datei geschrieben.</translation>
    </message>
    <message numerus="yes">
        <source>%n entries, and older ones</source>
        <translation>
            <numerusform>%n Eintrag und ältere</numerusform>
            <numerusform>%n Einträge und ältere</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries</source>
        <translation>
            <numerusform>%n Eintrag</numerusform>
            <numerusform>%n Einträge</numerusform>
        </translation>
    </message>
    <message>
        <source>statement-%1.csv</source>
        <translation>auszug-%1.csv</translation>
    </message>
    <message>
        <source>Save the statement</source>
        <translation>Den Auszug speichern</translation>
    </message>
    <message>
        <source>Comma-separated values (*.csv)</source>
        <translation>Kommagetrennte Werte (*.csv)</translation>
    </message>
    <message numerus="yes">
        <source>%n entries written so far…</source>
        <translation>
            <numerusform>Bisher %n Eintrag geschrieben …</numerusform>
            <numerusform>Bisher %n Einträge geschrieben …</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The statement was saved: %n entries.</source>
        <translation>
            <numerusform>Der Auszug wurde gespeichert: %n Eintrag.</numerusform>
            <numerusform>Der Auszug wurde gespeichert: %n Einträge.</numerusform>
        </translation>
    </message>
    <message>
        <source>The file could not be written: %1</source>
        <translation>Die Datei konnte nicht geschrieben werden: %1</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::StepTrail</name>
    <message>
        <source>Step %1 of %2: %3</source>
        <translation>Schritt %1 von %2: %3</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::TimelineRow</name>
    <message>
        <source>Step %1</source>
        <translation>Schritt %1</translation>
    </message>
    <message>
        <source>Receipt %1</source>
        <translation>Beleg %1</translation>
    </message>
    <message>
        <source>now</source>
        <translation>jetzt</translation>
    </message>
    <message>
        <source>done</source>
        <translation>erledigt</translation>
    </message>
    <message>
        <source>next</source>
        <translation>als Nächstes</translation>
    </message>
    <message>
        <source>not reached</source>
        <translation>nicht erreicht</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::UserPanel</name>
    <message>
        <source>Set &amp;roles</source>
        <translation>&amp;Rollen setzen</translation>
    </message>
    <message>
        <source>Set &amp;limit</source>
        <translation>&amp;Grenze setzen</translation>
    </message>
    <message>
        <source>Add &amp;device</source>
        <translation>G&amp;erät hinzufügen</translation>
    </message>
    <message>
        <source>Hold to remove</source>
        <translation>Halten: entfernen</translation>
    </message>
    <message>
        <source>User</source>
        <translation>Nutzer</translation>
    </message>
    <message>
        <source>Most that one order may be worth</source>
        <translation>Was ein Auftrag höchstens wert sein darf</translation>
    </message>
    <message>
        <source>Unit of the limit</source>
        <translation>Einheit der Grenze</translation>
    </message>
    <message>
        <source>Most per order</source>
        <translation>Höchstens je Auftrag</translation>
    </message>
    <message>
        <source>Devices, by their keys</source>
        <translation>Geräte, nach ihren Schlüsseln</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Geräte</translation>
    </message>
    <message>
        <source>Key of the new device</source>
        <translation>Schlüssel des neuen Geräts</translation>
    </message>
    <message>
        <source>Key of another device</source>
        <translation>Schlüssel eines weiteren Geräts</translation>
    </message>
    <message>
        <source>Remove device</source>
        <translation>Gerät entfernen</translation>
    </message>
    <message>
        <source>This device: %1</source>
        <translation>Dieses Gerät: %1</translation>
    </message>
    <message>
        <source>Moves money from %1: %2</source>
        <translation>Bewegt Geld ab %1: %2</translation>
    </message>
    <message>
        <source>The roles were set.</source>
        <translation>Die Rollen wurden gesetzt.</translation>
    </message>
    <message>
        <source>The limit was set.</source>
        <translation>Die Grenze wurde gesetzt.</translation>
    </message>
    <message>
        <source>This is not a key: it has 64 digits from 0 to 9 and a to f.</source>
        <translation>Das ist kein Schlüssel: er hat 64 Ziffern von 0 bis 9 und a bis f.</translation>
    </message>
    <message>
        <source>The device was added.</source>
        <translation>Das Gerät wurde hinzugefügt.</translation>
    </message>
    <message>
        <source>The device was removed.</source>
        <translation>Das Gerät wurde entfernt.</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::UsersPanel</name>
    <message>
        <source>Users</source>
        <translation>Nutzer</translation>
    </message>
    <message>
        <source>&amp;Add user</source>
        <translation>Nutzer &amp;hinzufügen</translation>
    </message>
    <message>
        <source>Name of the new user</source>
        <translation>Name des neuen Nutzers</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Key of the new user</source>
        <translation>Schlüssel des neuen Nutzers</translation>
    </message>
    <message>
        <source>Key, as the user&apos;s app shows it under Institution</source>
        <translation>Schlüssel, wie ihn die App des Nutzers unter Institution zeigt</translation>
    </message>
    <message>
        <source>New user: %1</source>
        <translation>Neuer Nutzer: %1</translation>
    </message>
    <message>
        <source>Add a user</source>
        <translation>Einen Nutzer hinzufügen</translation>
    </message>
    <message>
        <source>Enter the user&apos;s name.</source>
        <translation>Geben Sie den Namen des Nutzers ein.</translation>
    </message>
    <message>
        <source>This is not a key: it has 64 digits from 0 to 9 and a to f.</source>
        <translation>Das ist kein Schlüssel: er hat 64 Ziffern von 0 bis 9 und a bis f.</translation>
    </message>
    <message>
        <source>Choose at least one role.</source>
        <translation>Wählen Sie mindestens eine Rolle.</translation>
    </message>
    <message>
        <source>The user was added.</source>
        <translation>Der Nutzer wurde hinzugefügt.</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::WelcomePage</name>
    <message>
        <source>&amp;Back</source>
        <translation>&amp;Zurück</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::WithdrawPanel</name>
    <message>
        <source>Hold to ask for the payout</source>
        <translation>Gedrückt halten: Auszahlung beantragen</translation>
    </message>
    <message>
        <source>Pay to</source>
        <translation>Zahlen an</translation>
    </message>
    <message>
        <source>No address in the book</source>
        <translation>Keine Adresse im Buch</translation>
    </message>
    <message>
        <source>Payout amount</source>
        <translation>Auszahlungsbetrag</translation>
    </message>
    <message>
        <source>Ask for the payout</source>
        <translation>Auszahlung beantragen</translation>
    </message>
    <message>
        <source>&amp;To</source>
        <translation>A&amp;n</translation>
    </message>
    <message>
        <source>&amp;Amount</source>
        <translation>&amp;Betrag</translation>
    </message>
    <message>
        <source>Fee</source>
        <translation>Gebühr</translation>
    </message>
    <message>
        <source>Will be held</source>
        <translation>Wird gebunden</translation>
    </message>
    <message>
        <source>Pay out %1</source>
        <translation>%1 auszahlen</translation>
    </message>
    <message>
        <source>Add an address for %1 to the address book first.</source>
        <translation>Fügen Sie dem Adressbuch zuerst eine Adresse für %1 hinzu.</translation>
    </message>
    <message>
        <source>Enter an amount.</source>
        <translation>Geben Sie einen Betrag ein.</translation>
    </message>
    <message>
        <source>Available are %1; with the fee this is more.</source>
        <translation>Verfügbar sind %1; mit der Gebühr ist das mehr.</translation>
    </message>
    <message>
        <source>It is paid as soon as you ask for it.</source>
        <translation>Sie wird gezahlt, sobald Sie sie beantragen.</translation>
    </message>
    <message numerus="yes">
        <source>%n other treasurer(s) must approve it.</source>
        <translation>
            <numerusform>%n anderer Schatzmeister muss sie freigeben.</numerusform>
            <numerusform>%n andere Schatzmeister müssen sie freigeben.</numerusform>
        </translation>
    </message>
    <message>
        <source>Payout %1 is on its way.</source>
        <translation>Auszahlung %1 ist unterwegs.</translation>
    </message>
    <message>
        <source>Payout %1 waits for approval.</source>
        <translation>Auszahlung %1 wartet auf Freigabe.</translation>
    </message>
</context>
<context>
    <name>tallylock::ui::WordCell</name>
    <message>
        <source>Word %1</source>
        <translation>Wort %1</translation>
    </message>
</context>
</TS>
