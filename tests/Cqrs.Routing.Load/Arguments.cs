using System.Globalization;

namespace Cqrs.Routing.Load;

/// <summary>The switches of a run: <c>--name value</c>.</summary>
internal sealed class Arguments(IReadOnlyList<string> arguments)
{
    /// <exception cref="ArgumentException">The switch has no value, or not a whole number above zero.</exception>
    public int Number(string name, int otherwise)
    {
        var index = arguments.ToList().IndexOf(name);
        if (index < 0)
            return otherwise;
        return index + 1 < arguments.Count && int.TryParse(arguments[index + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new ArgumentException($"{name} needs a whole number above zero, as in: {name} {otherwise}");
    }

    /// <exception cref="ArgumentException">There is a switch that the run does not know.</exception>
    public void OnlyKnow(params string[] names)
    {
        for (var index = 0; index < arguments.Count; index += 2)
        {
            if (!names.Contains(arguments[index]))
                throw new ArgumentException($"'{arguments[index]}' is not a switch of this run. It knows {string.Join(", ", names)}.");
        }
    }
}
