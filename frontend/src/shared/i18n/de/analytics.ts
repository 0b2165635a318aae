import type { analytics as en } from '../en/analytics';
import type { Translation } from '../language';

/** Texts of the analytics of a collection. */
export const analytics = {
  analytics: {
    title: 'Auswertung',
    titleOf: 'Auswertung von {name}',
    question: 'Was berechnet wird',
    groupBy: 'Gruppieren nach',
    addGroup: 'Feld hinzufügen',
    removeGroup: 'Nicht nach {field} gruppieren',
    measures: 'Berechnen',
    function: 'Funktion',
    measuredField: 'Von welchem Feld',
    everyRecord: 'alle Datensätze',
    addMeasure: 'Ergebnis',
    removeMeasure: 'Ergebnis {number} entfernen',
    functions: { count: 'Anzahl', sum: 'Summe', avg: 'Durchschnitt', min: 'Kleinster Wert', max: 'Größter Wert' },
    of: {
      count: 'Anzahl von {field}',
      sum: 'Summe von {field}',
      avg: 'Durchschnitt von {field}',
      min: 'Kleinster Wert von {field}',
      max: 'Größter Wert von {field}',
    },
    records: 'Datensätze',
    having: 'Nur Gruppen behalten, für die gilt',
    havingText: 'Bedingung für Ergebnisse',
    havingResult: 'Ergebnis',
    removeHaving: 'Bedingung {number} entfernen',
    asText: 'Als Text',
    asRows: 'Als Bedingungen',
    run: 'Ausführen',
    groups: { one: '{count} Gruppe', other: '{count} Gruppen' },
    views: { table: 'Tabelle', bar: 'Balken', line: 'Linie', pie: 'Kreis' },
    exportCsv: 'CSV',
    tableLabel: 'Ergebnisse für {name}',
    chartLabel: 'Diagramm von {names} für {count} Gruppen. Die Zahlen stehen in der Tabelle darunter.',
    firstDrawn: 'Gezeichnet sind die ersten {count} Gruppen; die Tabelle enthält alle.',
    noGroups: 'Keine Gruppe bleibt übrig. Lockern Sie den Filter oder die Bedingung für Ergebnisse.',
    emptyTitle: 'Noch ist nichts berechnet',
    empty:
      'Wählen Sie, wonach gruppiert und was über die Datensätze von {name} berechnet wird, und führen Sie es aus. Die Adresse enthält alles und lässt sich weitergeben.',
    nothing: '–',
    emptyText: '(leer)',
  },
} satisfies Translation<typeof en>;
