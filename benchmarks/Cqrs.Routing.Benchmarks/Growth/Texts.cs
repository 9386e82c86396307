namespace Cqrs.Routing.Benchmarks.Growth;

/// <summary>Texts that read, of so many kilobytes. Each call makes a new one.</summary>
internal static class Texts
{
    private const int Kilobyte = 1000;

    public static string Comments(int kilobytes) => Repeat(kilobytes, "SELECT 1 ", "/* some words */ -- and more\n", "");

    public static string Numbers(int kilobytes) => Repeat(kilobytes, "SELECT 1 WHERE 1 IN (0", ", 1234567", ")");

    public static string Literal(int kilobytes) => Repeat(kilobytes, "SELECT '", "it''s; DROP ", "'");

    private static string Repeat(int kilobytes, string begin, string piece, string end) =>
        begin + string.Concat(Enumerable.Repeat(piece, kilobytes * Kilobyte / piece.Length)) + end;
}
