/// What the fuzz targets of every floor share: inputs near what is right, and a reader of scripts.
package watari.fuzz;
