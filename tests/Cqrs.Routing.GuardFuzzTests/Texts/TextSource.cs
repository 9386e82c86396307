using CsCheck;

namespace Cqrs.Routing.GuardFuzzTests.Texts;

/// <summary>The texts of one seed: number 17 is always the same.</summary>
internal sealed class TextSource(ulong seed, Grammar grammar)
{
    private readonly Gen<string> _reads = Sentences.Reads(grammar);
    private readonly Gen<string> _any = Sentences.Any(grammar);

    /// <summary>A text that reads, as an application might write it.</summary>
    public string Read(int number) => Generate(_reads, number);

    /// <summary>Any text: reads, writes, and what mutations make of them.</summary>
    public string Any(int number) => Generate(_any, number);

    private string Generate(Gen<string> texts, int number) => texts.Generate(new PCG((uint)number, seed), null, out _);
}
