namespace Cqrs.Routing.DifferentialTests.Model;

public sealed class Preferences
{
    public string Language { get; set; } = "";

    public int Level { get; set; }
}
