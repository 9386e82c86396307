using System.Globalization;

namespace Cqrs.Routing.DifferentialTests.Programs;

/// <summary>Where the programs of a run come from: a program depends on nothing but the seed and its number, so each can be run alone.</summary>
/// <param name="Seed">Another one gives other programs.</param>
/// <param name="First">The number of the first program.</param>
public sealed record ProgramSource(ulong Seed, uint First = 0)
{
    /// <summary>Reads what <see cref="ToString"/> writes. The number of the first program may be left out.</summary>
    public static ProgramSource Parse(string text)
    {
        var parts = text.Split(':');
        return new(ulong.Parse(parts[0], CultureInfo.InvariantCulture), parts.Length > 1 ? uint.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
    }

    public ProgramSource From(int number) => this with { First = First + (uint)number };

    public RandomProgram Create(int number) => ProgramGen.Programs.Generate(new(First + (uint)number, Seed), null, out _);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seed}:{First}");
}
