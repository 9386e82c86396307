using System.Text.RegularExpressions;

namespace Cqrs.Routing.DocsTests;

/// <summary>The cases that tests name by their trait, with the tests, as the sources say.</summary>
internal static partial class ConformanceCases
{
    /// <summary>Writes the rows of the page, one per case.</summary>
    /// <returns>The rows, by number.</returns>
    public static IReadOnlyList<string> ToRows()
    {
        var tests = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Documents.Root, "tests"), "*.cs", SearchOption.AllDirectories))
            Collect(file, tests);
        return [.. tests.Select(static row => $"| {row.Key} | {string.Join("<br>", row.Value)} |")];
    }

    // A trait stands above its method, or above its class, which holds for all of it.
    private static void Collect(string file, SortedDictionary<string, SortedSet<string>> tests)
    {
        var pending = new List<string>();
        var ofClass = new List<string>();
        var type = Path.GetFileNameWithoutExtension(file);
        foreach (var line in File.ReadLines(file))
        {
            foreach (Match match in Case().Matches(line))
                pending.Add(match.Groups[1].Value);
            if (Class().Match(line) is { Success: true } declared)
            {
                type = declared.Groups[1].Value;
                if (pending.Count > 0)
                    (ofClass, pending) = (pending, []);
            }
            else if (Method().Match(line) is { Success: true } method)
            {
                foreach (var number in pending.Concat(ofClass))
                {
                    if (!tests.TryGetValue(number, out var names))
                        tests[number] = names = new(StringComparer.Ordinal);
                    names.Add($"`{type}`: {method.Groups[1].Value.Replace('_', ' ')}");
                }

                pending.Clear();
            }
        }
    }

    [GeneratedRegex("\"Case\", \"(C[0-9]{3})\"")]
    private static partial Regex Case();

    [GeneratedRegex(@"^(?:public |internal )(?:abstract |sealed |static |partial )*class (\w+)")]
    private static partial Regex Class();

    [GeneratedRegex(@"^\s+public (?:async |static |override |virtual )*(?:Task|ValueTask|void)\s+(\w+)\(")]
    private static partial Regex Method();
}
