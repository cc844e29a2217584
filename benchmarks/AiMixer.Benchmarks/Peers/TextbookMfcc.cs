using System.Numerics;

namespace AiMixer.Benchmarks.Peers;

/// <summary>
/// MFCCs of one window as one writes them down first, in double precision: periodic Hann, radix-2 FFT of complex numbers,
/// Slaney's mel bands, decibels, orthonormal DCT-II. The definition and the settings are those of the library's defaults.
/// </summary>
internal sealed class TextbookMfcc
{
    private const int Window = 960;
    private const int Size = 1024;
    private const int Bands = 40;
    private const int Coefficients = 13;

    private readonly double[] _hann = [.. Enumerable.Range(0, Window).Select(i => 0.5 - (0.5 * Math.Cos(2 * Math.PI * i / Window)))];
    private readonly double[][] _bands;
    private readonly Complex[] _spectrum = new Complex[Size];

    public TextbookMfcc(int sampleRateHz)
    {
        double[] edges = [.. Enumerable.Range(0, Bands + 2).Select(i => ToHz(ToMel(20) + ((ToMel(20_000) - ToMel(20)) * i / (Bands + 1))))];
        _bands = [.. Enumerable.Range(0, Bands).Select(band => Enumerable.Range(0, (Size / 2) + 1).Select(bin =>
        {
            double hz = (double)bin * sampleRateHz / Size;
            double rise = (hz - edges[band]) / (edges[band + 1] - edges[band]);
            double fall = (edges[band + 2] - hz) / (edges[band + 2] - edges[band + 1]);
            return Math.Max(0, Math.Min(rise, fall)) * 2 / (edges[band + 2] - edges[band]);
        }).ToArray())];
    }

    public void Process(ReadOnlySpan<float> window, Span<float> coefficients)
    {
        Array.Clear(_spectrum);
        for (int i = 0; i < Window; i++)
        {
            _spectrum[i] = window[i] * _hann[i];
        }

        Transform(_spectrum);
        Span<double> levels = stackalloc double[Bands];
        for (int band = 0; band < Bands; band++)
        {
            double power = 0;
            for (int bin = 0; bin <= Size / 2; bin++)
            {
                double magnitude = _spectrum[bin].Magnitude;
                power += _bands[band][bin] * magnitude * magnitude;
            }

            levels[band] = 10 * Math.Log10(Math.Max(power, 1e-10));
        }

        for (int k = 0; k < Coefficients; k++)
        {
            double sum = 0;
            for (int band = 0; band < Bands; band++)
            {
                sum += levels[band] * Math.Cos(Math.PI * k * (band + 0.5) / Bands);
            }

            coefficients[k] = (float)(sum * Math.Sqrt((k == 0 ? 1.0 : 2.0) / Bands));
        }
    }

    private static double ToMel(double hz) => hz < 1000 ? hz * 3 / 200 : 15 + (Math.Log(hz / 1000) / (Math.Log(6.4) / 27));

    private static double ToHz(double mel) => mel < 15 ? mel * 200 / 3 : 1000 * Math.Exp((mel - 15) * (Math.Log(6.4) / 27));

    private static void Transform(Span<Complex> values)
    {
        for (int i = 1, j = 0; i < values.Length; i++)
        {
            int bit = values.Length >> 1;
            for (; (j & bit) != 0; bit >>= 1)
            {
                j ^= bit;
            }

            j ^= bit;
            if (i < j)
            {
                (values[i], values[j]) = (values[j], values[i]);
            }
        }

        for (int length = 2; length <= values.Length; length <<= 1)
        {
            Complex step = Complex.FromPolarCoordinates(1, -2 * Math.PI / length);
            for (int start = 0; start < values.Length; start += length)
            {
                Complex turn = 1;
                for (int k = 0; k < length / 2; k++)
                {
                    Complex even = values[start + k], odd = values[start + k + (length / 2)] * turn;
                    values[start + k] = even + odd;
                    values[start + k + (length / 2)] = even - odd;
                    turn *= step;
                }
            }
        }
    }
}
