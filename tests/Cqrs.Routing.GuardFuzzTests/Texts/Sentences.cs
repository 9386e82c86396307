using CsCheck;

namespace Cqrs.Routing.GuardFuzzTests.Texts;

/// <summary>Puts texts together, and takes them apart again.</summary>
internal static class Sentences
{
    private static readonly Gen<string> Space = Gen.Frequency((6, Gen.Const(" ")), (1, Pick("\n", "  ", "/* x */", "/* DELETE FROM t */", " -- it's; DELETE FROM t\n", "\t\r\n")));

    public static Gen<string> Reads(Grammar grammar) => Joined(Statement(grammar), 1, 2);

    public static Gen<string> Any(Grammar grammar)
    {
        // One edit alone is the likeliest to leave a text that still means something.
        var statements = Joined(Gen.Frequency((3, Statement(grammar)), (2, Pick(grammar.Writes))), 1, 3);
        var edits = Gen.Frequency((3, Pick(grammar.Hazards)), (1, Pick(grammar.Values)), (1, Pick(grammar.Writes)), (1, Gen.Const("")))
            .Select(Gen.Double[0, 1], Gen.Int[0, 6], Gen.Bool)
            .Array;
        var few = Gen.Frequency((3, edits[1, 1]), (2, edits[0, 5]));
        return statements.Select(few, (text, all) => all.Aggregate(text, (current, edit) => Edit(current, edit.Item1, edit.Item2, edit.Item3, edit.Item4)));
    }

    private static Gen<string> Statement(Grammar grammar)
    {
        var value = Pick(grammar.Values);
        var select = value.Array[1, 3].Select(Space, Pick("", " FROM t", " FROM t AS x, u", " FROM (SELECT a FROM u) AS t", " FROM t LEFT JOIN u ON t.a = u.a"), Pick("", "", " LIMIT 1", " ORDER BY 1"), (values, space, from, end) => $"SELECT{space}{string.Join($",{space}", values)}{from}{end}");
        var nested = select.Select(select, Pick("WITH x AS ({0}) SELECT * FROM x", "SELECT * FROM ({0}) AS y", "({0})", "{0} UNION ALL {0}", "SELECT EXISTS ({0})", "WITH RECURSIVE x AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM x WHERE a < 3), y AS ({0}) {1}"), (one, other, form) => form.Replace("{0}", one, StringComparison.Ordinal).Replace("{1}", other, StringComparison.Ordinal));
        return Gen.Frequency((4, select), (2, nested), (2, Pick(grammar.Reads)));
    }

    private static Gen<string> Joined(Gen<string> statement, int least, int most) =>
        statement.Array[least, most].Select(Pick("; ", ";\n", " ;", ";/**/", ";-- x\n"), (all, separator) => string.Join(separator, all));

    private static Gen<string> Pick(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    // Puts something in place of a few characters, or of the space between two tokens.
    private static string Edit(string text, string insertion, double where, int length, bool replaces)
    {
        var at = (int)(where * text.Length);
        if (replaces && length <= 3 && text.IndexOf(' ', at) is var space and >= 0)
            (at, length) = (space, 1);
        var end = replaces ? Math.Min(text.Length, at + length) : at;
        return string.Concat(text.AsSpan(0, at), insertion, text.AsSpan(end));
    }
}
